import { decodeString } from "micromark-util-decode-string";
import { normalizeIdentifier } from "micromark-util-normalize-identifier";
import { addressText } from "../address-text.ts";
import { bareAddress, kindOfAddress } from "./address.ts";
import type { FindingList } from "./finding-list.ts";
import type { Edit, RelativeMark } from "./marks.ts";
import { descendants, type SyntaxNode, within } from "./syntax-tree.ts";

/** A link reference definition that some reference uses. */
export interface UsedDefinition {
  /** Place of the first reference. */
  readonly used: number;
  readonly definition: SyntaxNode;
}

export interface LinkMarks {
  readonly edits: Edit[];
  readonly relatives: RelativeMark[];
  readonly definitions: UsedDefinition[];
}

type Kind = RelativeMark["kind"];

/** Where the addresses of links, images and definitions stand: the relative ones, and what to put for those that a page must not have. */
export function linkMarks(tree: SyntaxNode, text: string, findings: FindingList): LinkMarks {
  const marks: LinkMarks = { edits: [], relatives: [], definitions: [] };
  const definitions = new Map<string, SyntaxNode>();
  const uses = new Map<string, { used: number; kind: Kind }>();
  for (const node of descendants(tree)) {
    if (node.type === "autolink") markAutolink(node, { marks, text, findings });
    if (node.type === "definition") {
      const label = identifier(within(node, "definitionLabelString"), text);
      if (!definitions.has(label)) definitions.set(label, node);
    }
    if (node.type !== "link" && node.type !== "image") continue;
    const kind = node.type === "link" ? "page" : "image";
    const resource = node.children.find(({ type }) => type === "resource");
    if (resource === undefined) {
      const label = referenceOf(node, text);
      const before = uses.get(label);
      // An image's address shows the image; as a link it still leads to it, so one definition may serve both.
      uses.set(label, { used: before?.used ?? node.start, kind: before?.kind === "image" ? "image" : kind });
    } else markDestination(within(resource, "resourceDestinationString"), kind, { marks, text, findings });
  }
  for (const [label, definition] of definitions) {
    const use = uses.get(label);
    if (use !== undefined) marks.definitions.push({ used: use.used, definition });
    markDestination(within(definition, "definitionDestinationString"), use?.kind ?? "page", { marks, text, findings });
  }
  return marks;
}

/** The label that a reference names: that of `[text][label]`, or its own text in `[label][]` and `[label]`. */
function referenceOf(node: SyntaxNode, text: string): string {
  const [label, reference] = node.children;
  const named = reference === undefined ? undefined : within(reference, "referenceString");
  return identifier(named ?? label?.children.find(({ type }) => type === "labelText"), text);
}

function identifier(node: SyntaxNode | undefined, text: string): string {
  return node === undefined ? "" : normalizeIdentifier(text.slice(node.start, node.end));
}

interface Context {
  readonly marks: LinkMarks;
  readonly text: string;
  readonly findings: FindingList;
}

function markDestination(destination: SyntaxNode | undefined, kind: Kind, { marks, text, findings }: Context): void {
  if (destination === undefined) return;
  const { start, end, line } = destination;
  const relative = decodeString(text.slice(start, end));
  const what = `the ${kind === "page" ? "link" : "image"} to ${JSON.stringify(relative.slice(0, 80))}`;
  switch (kindOfAddress(relative)) {
    case "keep":
      return;
    case "relative":
      marks.relatives.push({ start, end, relative, kind });
      return;
    case "protocol-relative":
      marks.edits.push({ start, end, text: addressText(new URL(`https:${bareAddress(relative)}`)) });
      return;
    // The brackets stay, so that nothing around them gets another meaning.
    case "refused":
      marks.edits.push({ start, end, text: "#" });
      findings.add("link-scheme", `${what} was taken away: it is not http, https or mailto`, line);
      return;
    case "broken":
      marks.edits.push({ start, end, text: "#" });
      findings.add("link-broken", `${what} was taken away: it is no address`, line);
      return;
  }
}

/** `<scheme:address>`, which is always absolute. */
function markAutolink({ start, end, line, children }: SyntaxNode, { marks, text, findings }: Context): void {
  if (children.some(({ type }) => type === "autolinkEmail")) return;
  const address = text.slice(start + 1, end - 1);
  if (kindOfAddress(address) === "keep") return;
  marks.edits.push({ start, end, text: "" });
  findings.add(
    "link-scheme",
    `the link to ${JSON.stringify(address.slice(0, 80))} was taken away: it is no http, https or mailto address`,
    line,
  );
}
