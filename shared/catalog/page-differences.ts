import type { CatalogData, WantedPage } from "./published.ts";
import { visible } from "./visible.ts";

/** A field of the page that says something else than it should. */
export interface PageDifference {
  readonly field: keyof WantedPage;
  /** For a plan: the field, what stands there, and what would. */
  readonly words: string;
}

/** Characters of a value that a plan shows. */
const SHOWN = 60;
/** Characters before the first one that differs. */
const BEFORE = 10;

/**
 * The fields in which the page that stands there differs by meaning; none where a write would change nothing that a visitor sees.
 * Badges are sets; line ends, and white space around a text, do not matter. `sentLogo`: SHA-256 of the logo that was sent last, as
 * the repository's tag tells it, undefined where none was; without a wanted logo there is nothing to send, so no difference.
 */
export function pageDifferences(
  page: WantedPage,
  present: CatalogData,
  sentLogo: string | undefined,
): readonly PageDifference[] {
  return [
    ...textDifference("description", present.description, page.description),
    ...textDifference("aboutText", present.aboutText, page.aboutText),
    ...textDifference("usageText", present.usageText, page.usageText),
    ...badgeDifference("architectures", present.architectures, page.architectures),
    ...badgeDifference("operatingSystems", present.operatingSystems, page.operatingSystems),
    ...logoDifference(sentLogo, page.logo?.sha256),
  ];
}

function textDifference(
  field: "description" | "aboutText" | "usageText",
  present: string | undefined,
  wanted: string,
): PageDifference[] {
  const [before, after] = [meaningOf(present ?? ""), meaningOf(wanted)];
  if (before === after) return [];
  const [old, made] = [before.split("\n"), after.split("\n")];
  const longer = made.length < old.length ? old : made;
  const at = longer.findIndex((_, index) => (old[index] ?? "") !== (made[index] ?? ""));
  const change = changeInWords(old[at], made[at]);
  if (old.length === 1 && made.length === 1) return [{ field, words: `${field}: ${change}` }];
  const lines = `${countOf(before, old)} -> ${countOf(after, made)}`;
  return [{ field, words: `${field}: ${lines}, first in line ${at + 1}: ${change}` }];
}

/** The two around the place where they begin to differ. */
function changeInWords(old = "", made = ""): string {
  const [before, after] = [[...old], [...made]];
  let same = 0;
  while (same < before.length && same < after.length && before[same] === after[same]) same += 1;
  const start = Math.max(before.length, after.length) <= SHOWN ? 0 : Math.max(0, same - BEFORE);
  return `${visible(old, SHOWN, start)} -> ${visible(made, SHOWN, start)}`;
}

function countOf(text: string, lines: readonly string[]): string {
  if (text === "") return "empty";
  return lines.length === 1 ? "1 line" : `${lines.length} lines`;
}

/** ECR Public may keep line ends its own way, and nobody sees the space around a text. */
function meaningOf(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}

function badgeDifference(
  field: "architectures" | "operatingSystems",
  present: readonly string[] = [],
  wanted: readonly string[],
): PageDifference[] {
  const [before, after] = [new Set(present), new Set(wanted)];
  if (before.symmetricDifference(after).size === 0) return [];
  return [{ field, words: `${field}: ${listInWords(before)} -> ${listInWords(after)}` }];
}

function listInWords(badges: ReadonlySet<string>): string {
  return (
    [...badges]
      .sort()
      .map((badge) => visible(badge, SHOWN))
      .join(", ") || "none"
  );
}

function logoDifference(sent: string | undefined, wanted: string | undefined): PageDifference[] {
  if (wanted === undefined || wanted === sent) return [];
  return [{ field: "logo", words: `logo: ${sent === undefined ? "none of ours" : short(sent)} -> ${short(wanted)}` }];
}

function short(sha256: string): string {
  return visible(sha256, 12).replaceAll('"', "");
}
