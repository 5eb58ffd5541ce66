import {
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  PutImageTagMutabilityCommand,
} from "@aws-sdk/client-ecr";
import { ECRPUBLICClient, GetRepositoryCatalogDataCommand } from "@aws-sdk/client-ecr-public";
import type { LocalAccount } from "../account.ts";
import type { EventEnvelope } from "../events/event.ts";
import type { TimelineEntry } from "../timeline.ts";
import { buildImage, type IndexImage } from "./image.ts";
import { digestOf, PushRefused, type PushTarget, push } from "./push.ts";
import { readStandards } from "./standards.ts";
import { must, StepFailed, type Teller } from "./steps.ts";

/** Long enough for cold functions on a busy machine; everything is waited for by condition. */
const PATIENCE_MS = 60_000;
const MIB = 1024 * 1024;
const TAG = "v1.0.0";

/** What the tour leaves behind, for the commands to try. */
export interface TourResult {
  readonly repository: string;
  readonly tag: string;
  /** `<alias>/<name>` at the public registry. */
  readonly publicRepository: string;
}

/** What the steps share. */
interface Tour {
  readonly account: LocalAccount;
  readonly tell: Teller;
  readonly ecr: ECRClient;
  readonly image: IndexImage;
  readonly target: PushTarget;
  readonly publicTarget: Omit<PushTarget, "tag">;
}

/**
 * The main job on real bytes, in four steps, each told when it has been seen to be so: first push, mirror, mutability, and the
 * same push again. It looks from outside only: registry protocol, API, timeline. Errors: StepFailed.
 */
export async function playTour(account: LocalAccount, tell: Teller): Promise<TourResult> {
  const ecr = clientFor(account, "ci");
  try {
    const tour = await step(0, () => prepare(account, tell, ecr));
    await step(1, () => firstPush(tour));
    await step(2, () => becomesPublic(tour));
    await step(3, () => mutabilityComesBack(tour));
    await step(4, () => samePushAgain(tour));
    const { repository } = tour.target;
    return { repository, tag: TAG, publicRepository: tour.publicTarget.repository };
  } finally {
    ecr.destroy();
  }
}

async function step<T>(number: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new StepFailed(number, error instanceof Error ? error.message : String(error), error);
  }
}

async function prepare(account: LocalAccount, tell: Teller, ecr: ECRClient): Promise<Tour> {
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const authorization = `Basic ${authorizationData?.[0]?.authorizationToken}`;
  const name = await unusedName(ecr);
  const image = buildImage({ platforms: ["linux/amd64", "linux/arm64"], layersPerPlatform: 3, layerBytes: MIB });
  return {
    account,
    tell,
    ecr,
    image,
    target: { registry: account.endpoints.privateRegistry, repository: `team-a/${name}`, tag: TAG, authorization },
    publicTarget: {
      registry: account.endpoints.publicRegistry,
      repository: `${account.publicAlias}/team-a-${name}`,
      authorization: `Bearer ${await anonymousToken(account.endpoints.publicRegistry)}`,
    },
  };
}

/** 1. A push to a repository that does not exist. */
async function firstPush({ account, tell, ecr, image, target }: Tour): Promise<void> {
  const start = account.timeline.last();
  const { repository } = target;
  const first = await tryPush(image, target);
  if (account.createOnPush) {
    must(!(first instanceof PushRefused), `the push was refused: ${first instanceof PushRefused ? first.message : ""}`);
    tell.done(
      1,
      `pushed ${repository}:${TAG}, ${sizeInWords(image)}, to a repository that did not exist: ECR made it from the policy's template`,
    );
  } else {
    must(first instanceof PushRefused, "the push went through, although nothing creates repositories on push");
    tell.done(1, `a push to ${repository}, which does not exist, is refused: ${first.code}: ${first.message}`);
    await seen(account, start, "the event that creates the repository", (entry) =>
      isDecision(entry, "repository-created", repository),
    );
    const second = await tryPush(image, target);
    must(
      !(second instanceof PushRefused),
      `the second push was refused: ${second instanceof PushRefused ? second.message : ""}`,
    );
    tell.done(1, `the event has made it, and the second push succeeds: ${repository}:${TAG}, ${sizeInWords(image)}`);
  }
  const pushed = Date.now();
  const words = await untilStandard(account, ecr, repository, start);
  tell.done(1, `${((Date.now() - pushed) / 1000).toFixed(1)} s later it carries its whole template: ${words}`);
}

/** 2. The image appears in ECR Public: same digest, children first, tag last. */
async function becomesPublic({ account, tell, image, target, publicTarget }: Tour): Promise<void> {
  const { repository } = target;
  await seen(account, 0, "the image at ECR Public", (entry) => isDecision(entry, "image-mirrored", repository));
  const digest = await digestOf(publicTarget, TAG);
  must(digest === image.root.digest, `public digest ${digest}, pushed ${image.root.digest}`);
  const written = account.timeline
    .after(0)
    .filter(
      ({ kind, what, repository: at }) =>
        kind === "call" && at === publicTarget.repository.split("/")[1] && isWrite(what),
    );
  const manifests = written.filter(({ what }) => what === "ecr-public:PutImage");
  const tags = manifests.map(({ facts }) => facts.imageTag);
  const order = manifests.map(({ facts }) => facts.imageDigest);
  const isLayer = ({ what }: TimelineEntry): boolean => what === "ecr-public:CompleteLayerUpload";
  const layers = written.filter(isLayer).length;
  must(
    written.findLastIndex(isLayer) < written.findIndex(({ what }) => what === "ecr-public:PutImage"),
    "a manifest was written before its layers",
  );
  must(
    image.children.every((child) => order.indexOf(child.digest) < order.indexOf(image.root.digest)),
    "the index came before its images",
  );
  must(tags.at(-1) === TAG && tags.filter(Boolean).length === 1, `the tag was not written last: ${tags.join(", ")}`);
  tell.done(2, `it is public as ${publicTarget.repository}:${TAG}, same digest ${digest.slice(0, 19)}…`);
  tell.done(2, `written in order: ${layers} layers and configs, ${image.children.length} images, the index, the tag`);
  tell.done(2, `its gallery page says so: ${await pageInWords(account, publicTarget.repository)}`);
}

/** Badges of the page, and the beginning of its usage text. */
async function pageInWords(account: LocalAccount, publicRepository: string): Promise<string> {
  const repositoryName = publicRepository.split("/")[1] ?? "";
  await seen(account, 0, "the gallery page", (entry) => isDecision(entry, "catalog-updated", repositoryName));
  const { accessKeyId, secretAccessKey } = account.user("ci");
  const credentials = { accessKeyId, secretAccessKey };
  const client = new ECRPUBLICClient({ endpoint: account.endpoints.aws, region: "us-east-1", credentials });
  try {
    const { catalogData } = await client.send(new GetRepositoryCatalogDataCommand({ repositoryName }));
    const { architectures = [], operatingSystems = [], usageText = "" } = catalogData ?? {};
    must(architectures.join() === "ARM 64,x86-64", `the page has the badges ${architectures.join() || "none"}`);
    must(usageText.includes(`:${TAG}`), `the page's usage text does not name ${TAG}`);
    return `${[...operatingSystems, ...architectures].join(", ")}, and how to pull ${TAG}`;
  } finally {
    client.destroy();
  }
}

/** 3. Somebody makes the tags mutable; it is put back, and the timeline tells who did what. */
async function mutabilityComesBack({ account, tell, ecr, target }: Tour): Promise<void> {
  const start = account.timeline.last();
  const { repository } = target;
  const alice = clientFor(account, "alice");
  try {
    await alice.send(new PutImageTagMutabilityCommand({ repositoryName: repository, imageTagMutability: "MUTABLE" }));
  } finally {
    alice.destroy();
  }
  const changed = Date.now();
  await seen(account, start, "drift put back", (entry) => isDecision(entry, "drift-put-back", repository));
  const { missing } = await readStandards(ecr, repository);
  must(missing.length === 0, `the repository still lacks: ${missing.join(", ")}`);
  tell.done(
    3,
    `alice set ${repository} to MUTABLE; ${((Date.now() - changed) / 1000).toFixed(1)} s later it is back. The timeline:`,
  );
  for (const { kind, who, what, facts } of account.timeline.after(start)) {
    if (kind === "call" && what === "ecr:PutImageTagMutability")
      tell.done(3, `  ${shortName(who)} called ${what}: ${facts.imageTagMutability}`);
  }
}

/** 4. The same push, and the same event, once more: nothing changes, nothing is uploaded. */
async function samePushAgain({ account, tell, image, target }: Tour): Promise<void> {
  const { repository } = target;
  const pushEvent = account.timeline.after(0).findLast(({ kind, what, repository: at, facts }) => {
    return kind === "event" && what === "ECR Image Action" && at === repository && facts.tag === TAG;
  });
  must(pushEvent !== undefined, "no event of the first push is on the timeline");
  const start = account.timeline.last();
  const result = await push(image, target);
  must(result.uploadedBytes === 0 && result.writtenManifests === 0, `the push sent ${result.uploadedBytes} bytes`);
  account.publish(pushEvent.facts.event as EventEnvelope);
  await seen(account, start, "the mirror's answer", (entry) => isDecision(entry, "image-unchanged", repository));
  await account.idle();
  const writes = account.timeline.after(start).filter(({ kind, what }) => kind === "call" && isWrite(what));
  must(writes.length === 0, `something was written: ${writes.map(({ what }) => what).join(", ")}`);
  tell.done(4, "the same push and the same event once more: no byte uploaded, no call that writes, on either side");
}

function clientFor(account: LocalAccount, userName: string): ECRClient {
  const { accessKeyId, secretAccessKey } = account.user(userName);
  return new ECRClient({
    endpoint: account.endpoints.aws,
    region: account.region,
    credentials: { accessKeyId, secretAccessKey },
  });
}

/** `web`, or `web-2` and so on where the account was kept from an earlier tour. */
async function unusedName(ecr: ECRClient): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? "web" : `web-${number}`;
    try {
      await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [`team-a/${name}`] }));
    } catch (error) {
      if (error instanceof Error && error.name === "RepositoryNotFoundException") return name;
      throw error;
    }
  }
}

async function tryPush(image: IndexImage, target: PushTarget): Promise<PushRefused | undefined> {
  try {
    await push(image, target);
    return undefined;
  } catch (error) {
    if (error instanceof PushRefused) return error;
    throw error;
  }
}

/** Reads the repository after everything that happens in the account, until nothing is missing. */
async function untilStandard(
  account: LocalAccount,
  ecr: ECRClient,
  repository: string,
  start: number,
): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  let looked = start;
  for (;;) {
    const standards = await readStandards(ecr, repository);
    if (standards.missing.length === 0) return standards.words;
    const timeoutMs = deadline - Date.now();
    const entry = await account.timeline.until(
      `${standards.missing.join(", ")} on ${repository}`,
      { after: looked, timeoutMs },
      () => true,
    );
    looked = entry.sequence;
  }
}

function seen(account: LocalAccount, after: number, what: string, matches: (entry: TimelineEntry) => boolean) {
  return account.timeline.until(what, { after, timeoutMs: PATIENCE_MS }, matches);
}

function isDecision(entry: TimelineEntry, decision: string, repository: string): boolean {
  return entry.kind === "decision" && entry.what === decision && entry.repository === repository;
}

/** Calls that change what a registry holds; reading a token, asking for layers or telling of the work is none. */
function isWrite(what: string): boolean {
  return /^ecr(-public)?:(InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload|Put|Create|Delete|Set|Tag|Untag|BatchDelete)/.test(
    what,
  );
}

async function anonymousToken(registry: string): Promise<string> {
  const response = await fetch(`${registry}/token/?service=public.ecr.aws`);
  const { token } = (await response.json()) as { token?: string };
  must(token !== undefined, `the public registry gave no anonymous token: status ${response.status}`);
  return token;
}

function sizeInWords(image: IndexImage): string {
  const bytes = image.blobs.reduce((sum, blob) => sum + blob.bytes.length, 0);
  return `${image.children.length} platforms, ${image.blobs.length} blobs, ${(bytes / MIB).toFixed(1)} MiB`;
}

/** `…user/alice` as alice, and the role `EcrAutopilot-EnforceMutabilityRole1A2B3C4D-…` as enforce-mutability. */
function shortName(arn: string): string {
  const construct = /assumed-role\/[^-]+-(\w+)Role[0-9A-F]{8}/.exec(arn)?.[1];
  if (construct !== undefined) return construct.replace(/\B([A-Z])/g, "-$1").toLowerCase();
  return /(?:user|assumed-role)\/([^/]+)/.exec(arn)?.[1] ?? arn;
}
