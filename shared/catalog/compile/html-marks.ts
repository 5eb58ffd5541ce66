import { addressText } from "../address-text.ts";
import { bareAddress, kindOfAddress } from "./address.ts";
import { decodedAttribute } from "./decoded-attribute.ts";
import type { FindingList } from "./finding-list.ts";
import { ADDRESS_ATTRIBUTES, isRefusedAttribute, REFUSED_ELEMENTS, VOID_ELEMENTS } from "./html-rules.ts";
import { type HtmlAttribute, type HtmlToken, htmlTokens } from "./html-tokens.ts";
import type { Edit, RelativeMark } from "./marks.ts";
import { srcsetAddresses } from "./srcset.ts";
import { descendants, type SyntaxNode } from "./syntax-tree.ts";

export interface HtmlMarks {
  readonly edits: Edit[];
  readonly relatives: RelativeMark[];
  /** All tags that stay, in order. */
  readonly tags: HtmlToken[];
}

/** What is inline in one of these is read together: an element that begins in it ends in it. */
const SCOPES: ReadonlySet<string> = new Set(["paragraph", "atxHeading", "setextHeading", "tableContent"]);

/** What to take out of the HTML in a text, and where relative addresses stand in what stays. */
export function htmlMarks(tree: SyntaxNode, text: string, findings: FindingList): HtmlMarks {
  const marks: HtmlMarks = { edits: [], relatives: [], tags: [] };
  for (const node of descendants(tree, ({ type }) => !SCOPES.has(type))) {
    const tokens =
      node.type === "htmlFlow"
        ? htmlTokens(node, text)
        : SCOPES.has(node.type)
          ? [...descendants(node)].filter(({ type }) => type === "htmlText").flatMap((part) => inlineTokens(part, text))
          : [];
    // Without an end tag, the element goes on to the end of its block; inline it may be a word in angle brackets, and goes alone.
    markTokens(tokens, node.type === "htmlFlow" ? node.end : undefined, { marks, text, findings });
  }
  return marks;
}

/** Inline, one construct is one tag, or one of what is never shown, such as `<?php ?>`, which HTML would read otherwise. */
function inlineTokens(node: SyntaxNode, text: string): HtmlToken[] {
  const tokens = htmlTokens(node, text);
  const [first] = tokens;
  if (tokens.length === 1 && (first?.kind === "start" || first?.kind === "end")) return tokens;
  return [{ kind: "other", name: "", attributes: [], start: node.start, end: node.end, line: node.line }];
}

interface Context {
  readonly marks: HtmlMarks;
  readonly text: string;
  readonly findings: FindingList;
}

function markTokens(tokens: readonly HtmlToken[], blockEnd: number | undefined, context: Context): void {
  const { marks, text, findings } = context;
  const takeOut = (start: number, end: number) =>
    marks.edits.push({ start: blockEnd === undefined ? start : startOfLine(text, start, end), end, text: "" });
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as HtmlToken;
    if (token.kind === "other") {
      takeOut(token.start, token.end);
      findings.add("html-comment", "a comment was taken out: it is not for readers", token.line);
    } else if (token.kind === "unfinished") {
      takeOut(token.start, token.end);
      findings.add("html-unfinished", `the tag ${quoted(text, token)} never ends, and was taken out`, token.line);
    } else if (REFUSED_ELEMENTS.has(token.name)) {
      // An end tag alone does nothing, and without it another start tag might come to swallow the rest.
      if (token.kind === "end") continue;
      const last = VOID_ELEMENTS.has(token.name) ? index : endOf(tokens, index);
      takeOut(token.start, last === undefined ? (blockEnd ?? token.end) : (tokens[last] as HtmlToken).end);
      index = last ?? (blockEnd === undefined ? index : tokens.length);
      findings.add(
        "html-element",
        `the element <${token.name}> was taken out: a page shows text and images`,
        token.line,
      );
    } else {
      marks.tags.push(token);
      for (const attribute of token.attributes) markAttribute(token, attribute, context);
    }
  }
}

/**
 * Where to begin to take something out of a block of HTML: with all that stands before it on its lines, when nothing follows on them. An empty line
 * would end the block, and make code of an indented rest.
 */
function startOfLine(text: string, start: number, end: number): number {
  const before = text.lastIndexOf("\n", start - 1);
  const after = text.indexOf("\n", end);
  const alone = text.slice(before + 1, start).search(/[^\s>]/) < 0 && text.slice(end, after).trim() === "";
  return before > 0 && after > 0 && alone ? before : start;
}

/** Number of the end tag that belongs to a start tag. */
function endOf(tokens: readonly HtmlToken[], start: number): number | undefined {
  const name = tokens[start]?.name;
  let depth = 0;
  for (let index = start; index < tokens.length; index++) {
    const token = tokens[index] as HtmlToken;
    if (token.name !== name) continue;
    depth += token.kind === "start" ? 1 : -1;
    if (depth === 0) return index;
  }
  return undefined;
}

function markAttribute(token: HtmlToken, attribute: HtmlAttribute, { marks, text, findings }: Context): void {
  const { name, value, written } = attribute;
  const takeOut = (rule: string, why: string) => {
    const spaces = /[ \t]*$/.exec(text.slice(token.start, attribute.start))?.[0].length ?? 0;
    marks.edits.push({ start: attribute.start - spaces, end: attribute.end, text: "" });
    findings.add(rule, `${name} of <${token.name}> was taken out: ${why}`, token.line);
  };
  if (isRefusedAttribute(name)) {
    takeOut("html-attribute", "it runs a script");
    return;
  }
  const kind = ADDRESS_ATTRIBUTES[name];
  if (written === undefined || (kind === undefined && name !== "srcset")) return;
  const addresses = kind === undefined ? candidates(written, text) : [{ ...written, address: value, kind }];
  const kinds = addresses.map(({ address }) => kindOfAddress(address));
  const wrong = kinds.findIndex((it) => it === "refused" || it === "broken");
  if (wrong >= 0) {
    const address = JSON.stringify(addresses[wrong]?.address.slice(0, 80));
    if (kinds[wrong] === "refused") takeOut("link-scheme", `${address} is not http, https or mailto`);
    else takeOut("link-broken", `${address} is no address`);
    return;
  }
  if (!written.quoted && kinds.some((it) => it === "relative" || it === "protocol-relative")) {
    // What is put there may hold characters that end a value without quotes.
    const raw = text.slice(written.start, written.end).replaceAll('"', "&quot;");
    marks.edits.push({ start: written.start, end: written.end, text: `"${raw}"` });
    return;
  }
  addresses.forEach(({ start, end, address, kind: to }, index) => {
    if (kinds[index] === "relative") marks.relatives.push({ start, end, relative: address, kind: to });
    if (kinds[index] === "protocol-relative")
      marks.edits.push({ start, end, text: addressText(new URL(`https:${bareAddress(address)}`)) });
  });
}

/** The addresses in a srcset, which are split as they are written, so that each keeps its place. */
function candidates({ start, end }: { start: number; end: number }, text: string) {
  const raw = text.slice(start, end);
  return srcsetAddresses(raw).map((place) => ({
    start: start + place.start,
    end: start + place.end,
    address: decodedAttribute(raw.slice(place.start, place.end)),
    kind: "image" as const,
  }));
}

function quoted(text: string, { start, end }: { start: number; end: number }): string {
  return JSON.stringify(text.slice(start, Math.min(end, start + 40)));
}
