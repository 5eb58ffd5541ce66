import { fromNext, toNext } from "#shared/api/next.ts";
import { ApiError } from "#shared/api/problem.ts";
import { publicRegistryAlias } from "#shared/ecr/public-registry.ts";
import { AutopilotError } from "#shared/errors.ts";
import { type MirrorOutcome, mirrorImage } from "#shared/mirror/mirror-image.ts";
import { plannedDeletions } from "#shared/mirror/planned-deletions.ts";
import { PULLS_PER_SECOND } from "#shared/mirror/public-reader.ts";
import { readMirrorState } from "#shared/mirror/read-mirror-state.ts";
import type { Reference } from "#shared/mirror/source.ts";
import { type MirrorsPosition, type MirrorsSweepResult, sweepMirrors } from "#shared/mirror/sweep-mirrors.ts";
import type { Observer } from "#shared/observability/observer.ts";
import { createLimiter } from "#shared/pacing/limiter.ts";
import { createRegistryClient } from "#shared/registry/client.ts";
import { imageInWords } from "../image-name.ts";
import type { Applied, Backend, BackfillAnswer, BackfilledImage, MirrorAnswer, Plan, WantedImage } from "./backend.ts";
import type { DirectDeps } from "./direct-deps.ts";
import { keepingObserver } from "./watcher.ts";

type Requested = (repository: string, reference: Reference) => Promise<void>;

/** The mirror, run here: bytes go through this machine. */
export function directMirrors(deps: DirectDeps) {
  const { ecr, publicEcr, policy, region, now, remainingMs, signal, engine, send, watcher } = deps;
  const authorization = deps.publicAuthorization;
  const pulls = createLimiter({ perSecond: PULLS_PER_SECOND });

  async function copy(repository: string, reference: Reference, title: string): Promise<MirrorOutcome[]> {
    const outcomes: MirrorOutcome[] = [];
    const copying = watcher.progress(title);
    try {
      const request = { repository, reference, orParents: true };
      await mirrorImage({ ...engine, progress: copying.step }, request, async (outcome) => void outcomes.push(outcome));
    } finally {
      copying.end();
    }
    return outcomes;
  }

  async function mirror(image: WantedImage): Promise<MirrorAnswer> {
    const outcomes = await copy(image.repository, referenceOf(image), imageInWords(image));
    const [only] = outcomes;
    if (outcomes.length === 1 && only?.outcome === "not-selected") throw new ApiError("not-selected", only.reason);
    if (outcomes.length === 1 && only?.outcome === "gone") {
      const { repository, tag, digest } = image;
      throw new ApiError("image-unknown", `'${repository}' has no image ${tag ?? digest}, or is not there`);
    }
    return { requested: image, outcomes };
  }

  const states: Backend["mirrorStates"] = ({ next, ...request }) =>
    readMirrorState({ ...engine, ecr, publicEcr, policy }, { ...request, from: next });

  function sweeping(observer: Observer, request: Requested, alias?: string) {
    return {
      ...{ ecr, publicEcr, policy, region, observer, now, pulls, remainingMs, request, alias },
      registryOf: (baseUrl: string) => createRegistryClient({ baseUrl, send, authorization, signal }),
    };
  }

  async function plan(
    of: "mirrors" | "deletions",
    repository: string | undefined,
    next: string | undefined,
  ): Promise<Plan> {
    const { observer } = keepingObserver(watcher);
    const alias = policy.mirror.length === 0 ? undefined : await publicRegistryAlias(publicEcr);
    const position = next === undefined ? undefined : (fromNext(next) as MirrorsPosition);
    const planning = sweeping(observer, async () => {}, alias);
    const { counts, plans, next: goesOn } = await sweepMirrors(planning, { mode: "plan", position, repository });
    const told = of === "mirrors" ? { mirrors: plans, counts: { ...counts } } : { deletions: plannedDeletions(plans) };
    return { of, ...told, ...(goesOn && { next: toNext(goesOn) }) };
  }

  async function apply(): Promise<Applied> {
    const { observer, decisions } = keepingObserver(watcher);
    const request: Requested = async (repository, reference) => {
      const title = imageInWords({ repository, ...reference });
      for (const { outcome, ...facts } of await copy(repository, reference, title)) {
        if (outcome !== "unpublished") observer.decided({ decision: `image-${outcome}`, repository, ...facts });
      }
    };
    let result: MirrorsSweepResult | undefined;
    do {
      signal.throwIfAborted();
      result = await sweepMirrors(sweeping(observer, request), { mode: "apply", position: result?.next });
    } while (result.next !== undefined);
    return { requested: "mirrors", counts: { ...result.counts }, decisions };
  }

  /** One image that fails keeps none of the others from being copied; the network's end, or ours, does. */
  async function backfill(repository: string | undefined): Promise<BackfillAnswer> {
    const missing: BackfilledImage[] = [];
    let next: string | undefined;
    do {
      const part = await plan("mirrors", repository, next);
      for (const { repository, requests } of part.mirrors ?? []) {
        missing.push(...requests.map(({ reference, tags }) => ({ repository, ...reference, tags })));
      }
      next = part.next;
    } while (next !== undefined);

    const images: BackfilledImage[] = [];
    for (const image of missing) {
      signal.throwIfAborted();
      const title = `${images.length + 1} of ${missing.length}: ${imageInWords(image)}`;
      try {
        images.push({ ...image, outcomes: await copy(image.repository, referenceOf(image), title) });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AutopilotError)) throw error;
        images.push({ ...image, failure: { code: error.code, detail: error.message } });
      }
    }
    return { requested: repository === undefined ? "everything" : { repository }, images };
  }

  return { mirror, states, plan, apply, backfill };
}

function referenceOf({ tag, digest = "" }: WantedImage): Reference {
  return tag === undefined ? { digest } : { tag };
}
