import { type PatternTree, patternTree, UnknownPart } from "./pattern-tree.ts";

/** What a pattern is matched with. */
export interface PatternSubject {
  readonly what: "name" | "tag";
  /** What ECR takes in it, which is judged before the pattern. */
  readonly characters: readonly string[];
  readonly longest: number;
  /** The key of the policy that leaves out what a pattern cannot. */
  readonly leftOutBy: "deny" | "exclude";
}

export const NAMES: PatternSubject = {
  what: "name",
  characters: [..."abcdefghijklmnopqrstuvwxyz0123456789._/-"],
  longest: 256,
  leftOutBy: "deny",
};

/** API model: imageTag. */
export const TAGS: PatternSubject = {
  what: "tag",
  characters: [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"],
  longest: 128,
  leftOutBy: "exclude",
};

/** Three repetitions that compete for the same characters of a name of 256 take a fraction of a second, four take minutes. */
const MOST_WAYS = 50_000_000;

/** A character of the pattern, by place, with the characters of the text that it may stand for. */
interface Place {
  readonly accepts: ReadonlySet<string>;
}

/** What a part of the pattern begins and ends with, and which of its characters may follow which, once for each way to get there. */
interface Part {
  readonly first: readonly Place[];
  readonly last: readonly Place[];
  readonly follows: readonly (readonly [Place, Place])[];
  /** In how many ways it may be empty. */
  readonly empty: number;
  /** In how many ways, at most, it may match beginnings of one text: what a backtracking matcher tries before it gives up. */
  readonly ways: number;
  /** Whether it always matches one character. */
  readonly single: boolean;
}

const NOTHING: Part = { first: [], last: [], follows: [], empty: 1, ways: 1, single: false };

/**
 * Why a pattern could take for ever on some name or tag, with what to write instead; undefined for one that cannot. Takes a pattern that compiles
 * with the `u` flag, and judges its structure; it is never run.
 *
 * A pattern, or a repeated group, in which each character of the text can be taken by one place at most ("deterministic": Brüggemann-Klein and
 * Wood, One-Unambiguous Regular Languages, 1998) is matched without any going back. Outside of repeated groups some going back is
 * allowed, as far as the ways can be counted; within one it is refused, since the ways multiply with each repetition.
 */
export function runawayReason(pattern: string, subject: PatternSubject): string | undefined {
  const { what, leftOutBy } = subject;
  try {
    const whole = partOf(patternTree(pattern), subject);
    if (whole.ways <= MOST_WAYS || isDeterministic(whole)) return undefined;
    return `has too many repetitions that may take the same characters, and could take minutes for one ${what}; write fewer, or put a character between them that neither takes`;
  } catch (error) {
    if (error instanceof UnknownPart) {
      return `has ${JSON.stringify(error.message)}, which cannot be judged here (lookaround, back references and modifiers cannot); write it without, and use ${leftOutBy} for ${what}s to leave out`;
    }
    if (error instanceof RunawayGroup) {
      return `has a repeated group that can split one text in several ways, and could take for ever for one ${what}; write a group that begins with a character of its own, such as [a-z]+(-[a-z]+)* instead`;
    }
    throw error;
  }
}

class RunawayGroup extends Error {}

function partOf(tree: PatternTree, subject: PatternSubject): Part {
  switch (tree.kind) {
    case "empty":
      return NOTHING;
    case "character": {
      const one = new RegExp(`^${tree.text}$`, "u");
      const place = { accepts: new Set(subject.characters.filter((character) => one.test(character))) };
      return { first: [place], last: [place], follows: [], empty: 0, ways: 1, single: true };
    }
    case "sequence":
      return tree.parts.map((part) => partOf(part, subject)).reduce(joined, NOTHING);
    case "choice":
      return tree.parts.map((part) => partOf(part, subject)).reduce(either);
    case "repeat":
      return repeated(partOf(tree.part, subject), tree.least, tree.most, subject.longest);
  }
}

function joined(a: Part, b: Part): Part {
  return {
    first: atMostTwice([...a.first, ...times(a.empty, b.first)]),
    last: atMostTwice([...times(b.empty, a.last), ...b.last]),
    follows: [...a.follows, ...b.follows, ...pairs(a.last, b.first)],
    empty: a.empty * b.empty,
    ways: a.ways * b.ways,
    single: a === NOTHING && b.single,
  };
}

function either(a: Part, b: Part): Part {
  return {
    first: atMostTwice([...a.first, ...b.first]),
    last: atMostTwice([...a.last, ...b.last]),
    follows: [...a.follows, ...b.follows],
    empty: a.empty + b.empty,
    ways: a.ways + b.ways,
    single: a.single && b.single && !hasOverlap([...a.first, ...b.first]),
  };
}

function repeated(part: Part, least: number, most: number, longest: number): Part {
  if (most === 0) return NOTHING;
  // A repetition that need not be is not counted when it is empty: ECMAScript, RepeatMatcher.
  const empty = least === 0 ? 1 : part.empty;
  if (most === 1) return { ...part, empty, ways: part.ways + 1 - least, single: part.single && least === 1 };

  const again = pairs(part.last, part.first);
  const loop: Part = { ...part, empty, follows: [...part.follows, ...again], single: false };
  if (part.empty <= 1 - Math.min(least, 1) && isDeterministic(loop)) {
    // One text is split into repetitions in one way, so only their number is open.
    const numbers = Math.min(most, longest) - Math.min(least, longest) + 1;
    return { ...loop, ways: part.single ? numbers : longest + 1 };
  }
  if (most === Number.POSITIVE_INFINITY) throw new RunawayGroup();
  return { ...loop, follows: [...loop.follows, ...again], ways: part.ways ** most * (most - least + 1) };
}

function isDeterministic({ first, follows }: Part): boolean {
  const next = new Map<Place, Place[]>();
  for (const [from, to] of follows) next.set(from, [...(next.get(from) ?? []), to]);
  return !hasOverlap(first) && ![...next.values()].some(hasOverlap);
}

function hasOverlap(places: readonly Place[]): boolean {
  const taken = new Set<string>();
  for (const { accepts } of places) {
    for (const character of accepts) {
      if (taken.has(character)) return true;
      taken.add(character);
    }
  }
  return false;
}

function pairs(from: readonly Place[], to: readonly Place[]): (readonly [Place, Place])[] {
  return from.flatMap((one) => to.map((other) => [one, other] as const));
}

function times(count: number, places: readonly Place[]): Place[] {
  return Array.from({ length: Math.min(count, 2) }, () => places).flat();
}

/** Two ways to one place are as bad as more, and more would double with each level of nesting. */
function atMostTwice(places: readonly Place[]): Place[] {
  const seen = new Map<Place, number>();
  return places.filter((place) => {
    const count = (seen.get(place) ?? 0) + 1;
    seen.set(place, count);
    return count <= 2;
  });
}
