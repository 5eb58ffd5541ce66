/** A repository under test, with both its front doors. */
import type { Repository } from "@aws-sdk/client-ecr";
import type { ContractApi } from "./contract-api.ts";
import { type RegistryHost, type RequestOptions, uploadBlob } from "./contract-registry.ts";
import { contentOf, type Part, type TestImage } from "./image-parts.ts";

export interface ContractRepository {
  readonly name: string;
  readonly arn: string;
  readonly registryId: string;
  readonly uri: string;
  readonly api: ContractApi;
  readonly host: RegistryHost;
  /** `/v2/<name as the registry host knows it>`. */
  readonly path: string;
  /** A layer or config by Initiate, one part, Complete. */
  pushBlob(blob: Part): Promise<void>;
  /** By the API: what is not there yet of the blobs, then the children, then the image under `imageTag`. */
  push(image: TestImage, imageTag?: string): Promise<void>;
  /** Only PutImage. */
  put(image: Part, imageTag?: string): ReturnType<ContractApi["putImage"]>;
  /** A request to the registry host below `path`. */
  send(method: string, below: string, options?: RequestOptions): Promise<Response>;
  /** By the registry host: blobs, children, the manifest under its digest or `tag`. Error: a part that was not taken. */
  sendImage(image: TestImage, tag?: string): Promise<void>;
  /** PUT of a manifest. */
  sendManifest(image: Part, reference?: string): Promise<Response>;
  sendBlob(blob: Part): Promise<void>;
}

/** Error: the description lacks what every repository has. */
export function repositoryOf(
  api: ContractApi,
  host: RegistryHost,
  described: Repository | undefined,
): ContractRepository {
  const { repositoryName, repositoryArn, registryId, repositoryUri } = described ?? {};
  if (!repositoryName || !repositoryArn || !registryId || !repositoryUri) {
    throw new Error(`not the description of a repository: ${JSON.stringify(described)}`);
  }
  const path = `/v2/${repositoryUri.slice(repositoryUri.indexOf("/") + 1)}`;

  async function pushBlob({ bytes, digest }: Part): Promise<void> {
    const { uploadId } = await api.initiateLayerUpload({ repositoryName });
    const part = { partFirstByte: 0, partLastByte: bytes.length - 1, layerPartBlob: bytes };
    await api.uploadLayerPart({ repositoryName, uploadId, ...part });
    await api.completeLayerUpload({ repositoryName, uploadId, layerDigests: [digest] });
  }

  const put = ({ bytes, mediaType }: Part, imageTag?: string) =>
    api.putImage({
      repositoryName,
      imageManifest: bytes.toString("utf8"),
      imageManifestMediaType: mediaType,
      ...(imageTag === undefined ? {} : { imageTag }),
    });

  const send = (method: string, below: string, options?: RequestOptions) =>
    host.send(method, `${path}/${below}`, options);

  const sendManifest = ({ bytes, mediaType, digest }: Part, reference = digest) =>
    send("PUT", `manifests/${reference}`, { headers: { "content-type": mediaType }, body: bytes });

  const sendBlob = (blob: Part) => uploadBlob(host, path, blob);

  return {
    name: repositoryName,
    arn: repositoryArn,
    registryId,
    uri: repositoryUri,
    api,
    host,
    path,
    pushBlob,
    put,
    async push(image, imageTag) {
      const { blobs, manifests } = contentOf(image);
      const layerDigests = blobs.map(({ digest }) => digest);
      const { layers } =
        blobs.length === 0 ? { layers: [] } : await api.batchCheckLayerAvailability({ repositoryName, layerDigests });
      const there = layers?.filter(({ layerAvailability }) => layerAvailability === "AVAILABLE");
      const held = new Set(there?.map(({ layerDigest }) => layerDigest));
      for (const blob of blobs) if (!held.has(blob.digest)) await pushBlob(blob);
      for (const child of manifests.slice(0, -1)) await put(child).catch(unlessThere);
      await put(image, imageTag);
    },
    send,
    sendManifest,
    sendBlob,
    async sendImage(image, tag) {
      const { blobs, manifests } = contentOf(image);
      for (const blob of blobs) await sendBlob(blob);
      for (const part of manifests) {
        const response = await sendManifest(part, part === image ? tag : undefined);
        if (response.status !== 201)
          throw new Error(`the manifest was answered with ${response.status} ${await response.text()}`);
        await response.body?.cancel();
      }
    },
  };
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Error) || error.name !== "ImageAlreadyExistsException") throw error;
}
