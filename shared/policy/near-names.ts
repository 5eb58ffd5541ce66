import { matchesGlob } from "./glob.ts";
import type { NamingBreach } from "./naming.ts";
import type { Policy } from "./schema.ts";

/** Short words are one letter from many others that are right, too: auth and oauth, user and users, dev and dex. */
const FEWEST_LETTERS = 5;

/** What belongs to a word, or a segment, before a place and behind it. */
const WORD = [/[a-z0-9]*$/, /^[a-z0-9]*/] as const;
const SEGMENT = [/[^/]*$/, /^[^/]*/] as const;

/**
 * Whether one of two different names is most likely the other, mistyped. Both have the same number of segments, and one segment differs,
 *
 * - in one word (what ".", "_" and "-" separate) by a single slip: a letter left out, added, wrong, or swapped with the next; or
 * - in its separators alone: `pay-ments`, `pay_ments` and `payments`.
 *
 * Neither counts below five letters, nor where a number differs. Two slips are no near name: they lie between many words that are both
 * right (importer and exporter, encoder and decoder, collector and collection). Symmetric.
 *
 * One slip at most leaves little between the common beginning and the common end of two names, and what is left tells it: the
 * Damerau-Levenshtein distance as far as 1, in one pass and without a matrix, so that a new name can be held beside a hundred thousand.
 */
export function isNearName(name: string, existing: string): boolean {
  const shorter = Math.min(name.length, existing.length);
  let start = 0;
  while (start < shorter && name.charCodeAt(start) === existing.charCodeAt(start)) start++;
  let end = 0;
  while (
    end < shorter - start &&
    name.charCodeAt(name.length - 1 - end) === existing.charCodeAt(existing.length - 1 - end)
  )
    end++;

  const left = name.slice(start, name.length - end);
  const right = existing.slice(start, existing.length - end);
  // The same name; or a "/" where they differ, and so another number of segments, or two that differ.
  if (left === right || left.includes("/") || right.includes("/")) return false;
  const slip = isSlip(left, right);
  if (!slip && withoutSeparators(left) !== withoutSeparators(right)) return false;
  const [one, other] = [name, existing].map((text) => around(text, start, end, slip ? WORD : SEGMENT));
  return (
    one !== undefined && other !== undefined && isLong(one) && isLong(other) && numbersOf(one) === numbersOf(other)
  );
}

/** Why a new name is held, beside the name of one other repository; undefined when it is not near, under `except`, or without the guard. */
export function nearNameBreach(
  policy: Pick<Policy, "naming">,
  name: string,
  existing: string,
): NamingBreach | undefined {
  const { nearNames } = policy.naming;
  if (nearNames === undefined || !isNearName(name, existing)) return undefined;
  if (nearNames.except.some((glob) => matchesGlob(glob, name, "repository"))) return undefined;
  return {
    rule: "near-name",
    reason: `'${name}' is one slip away from '${existing}', which exists; if it is meant, add it to naming.nearNames.except in the policy`,
  };
}

/** One letter against none or another, or two letters the wrong way round. */
function isSlip(left: string, right: string): boolean {
  if (!/^[a-z]{0,2}$/.test(left) || !/^[a-z]{0,2}$/.test(right)) return false;
  if (left.length === 2 && right.length === 2)
    return left.charAt(0) === right.charAt(1) && left.charAt(1) === right.charAt(0);
  return left.length < 2 && right.length < 2;
}

/** The whole word or segment around the part that begins at `start` and ends `end` characters before the end. */
function around(name: string, start: number, end: number, characters: readonly [RegExp, RegExp]): string {
  const stop = name.length - end;
  const [head = ""] = characters[0].exec(name.slice(0, start)) ?? [];
  const [tail = ""] = characters[1].exec(name.slice(stop)) ?? [];
  return head + name.slice(start, stop) + tail;
}

function isLong(text: string): boolean {
  return text.replace(/[^a-z]/g, "").length >= FEWEST_LETTERS;
}

/** The numbers of a segment in their order: a separator between two digits parts two numbers, as a letter does. */
function numbersOf(segment: string): string {
  return segment.match(/[0-9]+/g)?.join(" ") ?? "";
}

function withoutSeparators(text: string): string {
  return text.replace(/[._-]/g, "");
}
