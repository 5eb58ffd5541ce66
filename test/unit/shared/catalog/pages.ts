/** A local account's API with public repositories, and syncs of their pages. */
import { createHash } from "node:crypto";
import {
  type ECRPUBLICClient,
  GetRepositoryCatalogDataCommand,
  ListTagsForResourceCommand,
  PutRepositoryCatalogDataCommand,
  TagResourceCommand,
} from "@aws-sdk/client-ecr-public";
import type { CatalogFiles } from "#shared/catalog/catalog-files.ts";
import type { PageTexts } from "#shared/catalog/page-texts.ts";
import { createFactsCache } from "#shared/catalog/read-published.ts";
import { type SyncPageDeps, type SyncPageRequest, syncPage } from "#shared/catalog/sync-page.ts";
import type { NewPublicCatalogData } from "#shared/ecr/public-catalog.ts";
import { createLimiter } from "#shared/pacing/limiter.ts";
import type { MirrorRule } from "#shared/policy/schema.ts";
import { findLogo } from "../../../../local/ecr-public/logo.ts";
import { contentOf, type TestImage } from "../../../support/image-parts.ts";
import { startRegistries } from "../../local/ecr/registry-apis.ts";

export const NAME = "team-web";
export const SOURCE = { "ecr-autopilot:source": "eu-west-1/team/web" };

export interface PagesOptions {
  /** By name of the public repository. */
  readonly texts?: Readonly<Record<string, PageTexts>>;
  readonly logos?: readonly Buffer[];
  /** Told of each call of the SDK, and may raise an error or change the store. */
  readonly before?: (operation: string, input: Readonly<Record<string, unknown>>) => unknown;
}

export const sha256Hex = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Started for one test, with the repository NAME as the mirror makes it. */
export async function startPages(
  mirror: readonly MirrorRule[],
  { texts = {}, logos = [], before = () => {} }: PagesOptions = {},
) {
  const { store, ecr, ecrPublic, account } = await startRegistries();
  const calls: string[] = [];
  /** What was read through the registry. */
  const reads: string[] = [];
  const written: Readonly<Record<string, unknown>>[] = [];
  watch(ecrPublic, async (operation, input) => {
    calls.push(operation);
    if (operation === "PutRepositoryCatalogData") written.push(input.catalogData as Record<string, unknown>);
    await before(operation, input);
  });
  let policyTexts = texts;
  const files: CatalogFiles = {
    texts: async (name) => policyTexts[name],
    logo: async (sha256) => logos.find((logo) => sha256Hex(logo) === sha256) ?? Buffer.alloc(0),
    names: async () => Object.keys(policyTexts).sort(),
  };
  const inStore = (repository: string) => repository.replace("alias/", "");
  const registry: ReturnType<SyncPageDeps["registryOf"]> = {
    async getManifest(repository, digest) {
      reads.push(`manifest ${digest.slice(7, 13)}`);
      const found = store.public.manifest(inStore(repository), digest);
      return found && { digest, mediaType: found.image.mediaType, bytes: found.bytes };
    },
    async listReferrers(repository, digest) {
      reads.push(`referrers ${digest.slice(7, 13)}`);
      return store.public.referrers(inStore(repository), digest);
    },
    async openBlob(repository, digest) {
      reads.push(`blob ${digest.slice(7, 13)}`);
      return { stream: store.public.readBlob(inStore(repository), digest), size: undefined };
    },
  };
  const deps: SyncPageDeps = {
    ...{ publicEcr: ecrPublic, files, policy: { mirror: [...mirror] }, region: "eu-west-1" },
    sourcesOf: async () => [],
    registryOf: () => registry,
    presentLogo: async (url) => findLogo(store.public, new URL(url).pathname),
    pulls: createLimiter({ perSecond: 1e6 }),
    cache: createFactsCache(),
    remainingMs: () => 600_000,
  };
  const arn = (name: string) => `arn:aws:ecr-public::${account.accountId}:repository/${name}`;
  const create = (name: string, tags: Readonly<Record<string, string>> = {}) =>
    store.public.createRepository({
      ...{ name, createdAt: new Date(), tagRule: { tags: "mutable", except: [] } },
      settings: { tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
    });
  await create(NAME, SOURCE);

  return {
    ...{ deps, store, ecr, ecrPublic, calls, reads, written, create },
    setTexts(next: Readonly<Record<string, PageTexts>>) {
      policyTexts = next;
    },
    /** Calls and reads so far are forgotten. */
    forget() {
      for (const list of [calls, reads, written]) list.length = 0;
    },
    sync: (
      { name = NAME, mode = "apply", afresh = false }: Partial<SyncPageRequest> = {},
      more: Partial<SyncPageDeps> = {},
    ) => syncPage({ ...deps, ...more }, { name, mode, afresh }),
    async page(name = NAME) {
      const { catalogData } = await ecrPublic.send(new GetRepositoryCatalogDataCommand({ repositoryName: name }));
      return catalogData ?? {};
    },
    /** As a person does it in the console. */
    write: (catalogData: Partial<NewPublicCatalogData>, name = NAME) =>
      ecrPublic.send(
        new PutRepositoryCatalogDataCommand({
          repositoryName: name,
          catalogData: catalogData as Record<string, never>,
        }),
      ),
    async resourceTags(name = NAME): Promise<Record<string, string>> {
      const { tags = [] } = await ecrPublic.send(new ListTagsForResourceCommand({ resourceArn: arn(name) }));
      return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
    },
    tag: (Key: string, Value: string, name = NAME) =>
      ecrPublic.send(new TagResourceCommand({ resourceArn: arn(name), tags: [{ Key, Value }] })),
    /** Puts an image with all that is under it into the public repository. */
    async put(image: TestImage, tags: readonly (string | undefined)[], name = NAME): Promise<void> {
      const { manifests, blobs } = contentOf(image);
      for (const { digest, bytes } of blobs) {
        const upload = await store.public.startUpload(name);
        await store.public.appendUpload(name, upload, bytes);
        await store.public.finishUpload(name, upload, digest);
      }
      for (const { digest, bytes, mediaType } of manifests.slice(0, -1)) {
        await store.public.putManifest({ repository: name, bytes, mediaType, tag: undefined, digest });
      }
      const { digest, bytes, mediaType } = image;
      for (const tag of tags) await store.public.putManifest({ repository: name, bytes, mediaType, tag, digest });
    },
  };
}

export function awsError(name: string): Error {
  return Object.assign(new Error("told by the test"), { name });
}

function watch(client: ECRPUBLICClient, told: NonNullable<PagesOptions["before"]>): void {
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        await told(commandName.replace(/Command$/, ""), args.input as unknown as Record<string, unknown>);
        return next(args);
      },
    { step: "initialize" },
  );
}
