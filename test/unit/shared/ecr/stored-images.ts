/** A local account's API on a port of its own, with one repository of either service, and images put past the API: a thousand are quick. */
import { ociIndex } from "../../local/ecr/image-content.ts";
import { startRegistries } from "../../local/ecr/registry-apis.ts";

export const repository = "team/app";

interface NewImage {
  /** Tells the image from others; 0 when not given. */
  readonly number?: number;
  readonly tag?: string;
  readonly subject?: string;
}

/** Started for one test. `put` gives the digest. */
export async function startWithRepositories() {
  const registries = await startRegistries();
  const { store } = registries;
  const record = {
    name: repository,
    createdAt: new Date(),
    tagRule: { tags: "mutable", except: [] },
    settings: {},
  } as const;
  for (const side of ["private", "public"] as const) await store[side].createRepository(record);

  /** An index of nothing: an image without blobs. */
  async function put(side: "private" | "public", { number = 0, tag, subject }: NewImage = {}): Promise<string> {
    const manifest = {
      schemaVersion: 2,
      mediaType: ociIndex,
      manifests: [],
      annotations: { number: String(number) },
      ...(subject && { subject: { mediaType: ociIndex, digest: subject, size: 1 } }),
    };
    const bytes = Buffer.from(JSON.stringify(manifest));
    const request = { repository, bytes, mediaType: ociIndex, tag, digest: undefined };
    return (await store[side].putManifest(request)).digest;
  }
  return { ...registries, put };
}

/** The operations that a client sends from now on, each try of its own. */
export function recorded(client: { middlewareStack: { add: (...args: never[]) => void } }): string[] {
  const operations: string[] = [];
  const middleware =
    (next: (args: unknown) => unknown, { commandName = "" }: { commandName?: string }) =>
    (args: unknown) => {
      operations.push(commandName.replace(/Command$/, ""));
      return next(args);
    };
  client.middlewareStack.add(middleware as never, { step: "finalizeRequest" } as never);
  return operations;
}
