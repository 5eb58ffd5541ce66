import { AutopilotError } from "../errors.ts";
import { inParallel } from "../pacing/in-parallel.ts";
import { needsAllTags } from "../policy/mirror-rules.ts";
import type { Policy } from "../policy/schema.ts";
import { type LookDeps, lookAtBothSides } from "./both-sides.ts";
import { type DecideDeps, decidePublication, type PublicationDecision } from "./decide-publication.ts";
import type { MirrorDestination } from "./destination.ts";
import { destinationsOf } from "./destinations-of.ts";
import type { MirrorState, MirrorStatePage, MirrorStateRequest, TagStanding } from "./mirror-state.ts";
import type { PublishDeps } from "./publish-image.ts";
import { conflict, type OpenTag, type Standing, tagStandings } from "./tag-standings.ts";

export interface MirrorStateDeps extends DecideDeps, Omit<LookDeps, "source"> {
  readonly policy: Pick<Policy, "mirror">;
  readonly destination: PublishDeps["destination"];
  /** Milliseconds until the answer must be on its way. */
  readonly remainingMs: () => number;
}

const TAGS_PER_PAGE = 100;
/** Images whose gates are asked at once. */
const AT_ONCE = 4;

/**
 * The state of each tag of a private repository at each of its destinations, worked out from both registries and the policy; writes nothing.
 * The cheap look comes first: manifests, scans and signatures are read only of what is selected, not public, and in no conflict.
 *
 * A page ends early where the time is over; its first image is always looked at. Errors: AutopilotError; an image that cannot be published as
 * it is (a manifest that cannot be read, a platform that is missing) is `refused`.
 */
export async function readMirrorState(deps: MirrorStateDeps, request: MirrorStateRequest): Promise<MirrorStatePage> {
  const { policy } = deps;
  const { repository, from } = request;
  const destinations = destinationsOf(policy, repository);
  // Which tags are the newest, of the private or the public ones, is found by looking at all of them.
  const isKept = [...destinations.values()].flat().some(({ rule }) => rule.retention.length > 0);
  const whole = isKept || needsAllTags(policy, repository);
  const sides = await lookAtBothSides(deps, request, [...destinations.keys()], whole);

  const standingsOf = tagStandings(policy, repository, sides, deps.now());
  const imageOf = new Map(sides.images.flatMap((image) => image.tags.map((one) => [one, image] as const)));
  const rest = sides.tags.filter((one) => from === undefined || one > from);
  const rows = rest.slice(0, TAGS_PER_PAGE).map((one) => ({ tag: one, standings: standingsOf(one, imageOf.get(one)) }));
  const resolved = await resolve(deps, repository, rows);
  const done = rows.findIndex(({ standings }) => standings.some((one) => isOpen(one) && !resolved.has(one)));
  const taken = done === -1 ? rows : rows.slice(0, done);
  const untagged = sides.asked?.tags.length === 0 ? standingsOf(undefined, sides.asked) : [];
  const states = [...taken.flatMap(({ standings }) => standings), ...untagged].flatMap((one) =>
    isOpen(one) ? (resolved.get(one) ?? []) : one,
  );
  const next = taken.length < rest.length ? taken.at(-1)?.tag : undefined;
  return { repository, exists: sides.exists, states, ...(next !== undefined && { next }) };
}

function isOpen(standing: Standing): standing is OpenTag {
  return "place" in standing;
}

type Row = { readonly tag: string; readonly standings: readonly Standing[] };

/** Works out what digests alone do not tell, image by image in the order of the rows; those that there is no time for are left out. */
async function resolve(
  deps: MirrorStateDeps,
  repository: string,
  rows: readonly Row[],
): Promise<ReadonlyMap<OpenTag, MirrorState>> {
  const open = rows.flatMap(({ standings }) => standings.filter(isOpen));
  const images = [...Map.groupBy(open, ({ image }) => image.digest).values()];
  const destination = onceEach(deps.destination);
  const resolved = new Map<OpenTag, MirrorState>();
  let isFirst = true;
  await inParallel(images, AT_ONCE, async (tags) => {
    if (!isFirst && deps.remainingMs() <= 0) return;
    isFirst = false;
    // All tags of a digest that one rule selects are decided together.
    for (const group of Map.groupBy(tags, ({ index }) => index).values()) {
      const standingOf = await decide(deps, repository, group, destination);
      for (const one of group) resolved.set(one, { ...one.place, ...standingOf(one.place) });
    }
  });
  return resolved;
}

/** Each destination is described once, and its images counted once, whatever the number of tags. */
function onceEach(destination: PublishDeps["destination"]) {
  const known = new Map<string, Promise<MirrorDestination | undefined>>();
  async function describe(name: string): Promise<MirrorDestination | undefined> {
    const found = await destination(name, { create: false });
    let count: Promise<number> | undefined;
    return found && { ...found, countImages: (most) => (count ??= found.countImages(most)) };
  }
  return (name: string) => {
    const one = known.get(name) ?? describe(name);
    known.set(name, one);
    return one;
  };
}

type StandingOf = (place: OpenTag["place"]) => TagStanding & Pick<OpenTag["place"], "published">;

async function decide(
  deps: MirrorStateDeps,
  repository: string,
  group: readonly OpenTag[],
  destination: ReturnType<typeof onceEach>,
): Promise<StandingOf> {
  const [first] = group;
  if (first === undefined) throw new RangeError("a group has at least one tag");
  const { image, rule, index } = first;
  const name = first.place.destination;
  const selection = { rule: index, destination: name, tags: group.map(({ place }) => place.tag) };
  try {
    const there = await destination(name);
    const decision = await decidePublication(deps, { repository, image, rule, selection, accessories: false }, there);
    return (place) => standingOf(decision, there !== undefined, place);
  } catch (error) {
    if (!(error instanceof AutopilotError) || !error.permanent) throw error;
    return () => ({ state: "refused", gate: "image", code: error.code, reason: error.message });
  }
}

function standingOf(
  { digest, isThere, conflicts, tags, verdict }: PublicationDecision,
  exists: boolean,
  { tag, destination, published }: OpenTag["place"],
): ReturnType<StandingOf> {
  const held = conflicts.find((one) => one.tag === tag);
  if (held !== undefined) return { published: held.published, ...conflict(held.published, held.pushed) };
  if (!tags.includes(tag) || verdict.outcome === "unchanged" || verdict.outcome === "conflict") {
    return { published: digest, state: "mirrored" };
  }
  if (verdict.outcome !== "passed") {
    const { reason } = verdict;
    return verdict.outcome === "blocked"
      ? { state: "blocked", gate: verdict.gate, reason }
      : { state: "refused", gate: verdict.gate, reason };
  }

  const missing = !exists ? "repository" : isThere ? "tag" : "image";
  const words = {
    repository: `the public repository ${destination} does not exist yet`,
    image: `${digest} is not in ${destination} yet`,
    tag: `${digest} is in ${destination}, but not under this tag yet`,
  };
  const until = published === undefined ? "" : `; until then the tag is ${published}`;
  return { state: "pending", missing, gates: verdict.gates, reason: `${words[missing]}${until}` };
}
