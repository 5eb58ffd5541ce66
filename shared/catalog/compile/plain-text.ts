import { cleanText } from "./clean-text.ts";
import { editText } from "./edit-text.ts";
import type { FindingList } from "./finding-list.ts";
import { REFUSED_ELEMENTS, VOID_ELEMENTS } from "./html-rules.ts";
import { type HtmlToken, htmlTokens } from "./html-tokens.ts";

/** Elements that people format a text with. Another word in angle brackets may well be meant: `docker run <image>`. */
const FORMATTING: ReadonlySet<string> = new Set(
  "a b i u s p em strong code pre kbd small big sub sup span div font center h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tr td th blockquote details summary picture video audio".split(
    " ",
  ),
);

/** A description: one line of plain text, which the gallery shows as it is. HTML in it goes, with a finding, and the text in it stays. */
export function plainText(description: string, findings: FindingList): string {
  const text = cleanText(description, findings);
  const whole = { type: "htmlFlow", start: 0, end: text.length, line: 1 };
  const tokens = htmlTokens({ ...whole, children: [{ ...whole, type: "htmlFlowData", children: [] }] }, text);
  const edits = tokens.flatMap((token, index) => {
    if (!isHtml(token)) return [];
    findings.add(
      "description-html",
      `${text.slice(token.start, Math.min(token.end, token.start + 40))} was taken out: a description is plain text`,
    );
    return [{ start: token.start, end: endOf(tokens, index), text: " " }];
  });
  return editText(text, edits)
    .split(/\s+/)
    .filter((word) => word !== "")
    .join(" ");
}

function isHtml({ kind, name }: HtmlToken): boolean {
  if (kind === "other") return true;
  return kind !== "unfinished" && (REFUSED_ELEMENTS.has(name) || VOID_ELEMENTS.has(name) || FORMATTING.has(name));
}

/** Where what goes with a tag ends: of an element such as script it is the whole of it. */
function endOf(tokens: readonly HtmlToken[], index: number): number {
  const token = tokens[index] as HtmlToken;
  if (token.kind !== "start" || !REFUSED_ELEMENTS.has(token.name) || VOID_ELEMENTS.has(token.name)) return token.end;
  return tokens.slice(index).find(({ kind, name }) => kind === "end" && name === token.name)?.end ?? token.end;
}
