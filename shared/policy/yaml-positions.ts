import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, visit } from "yaml";

export interface Position {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Finds the places of values in one parsed YAML file. Paths are as zod gives them: keys, and positions in lists from 0. */
export interface Positions {
  /** Of the value, or of the nearest map or list around a value that is not there. */
  of(path: readonly PropertyKey[]): Position;
  /** Of a key itself. */
  ofKey(path: readonly PropertyKey[], key: string): Position;
  /** A scalar as it stands in the file, without quotes; undefined for everything else. */
  source(path: readonly PropertyKey[]): string | undefined;
}

export function positionsIn(document: Document, lines: LineCounter): Positions {
  const root = document.contents;

  function walk(path: readonly PropertyKey[]): { node: Node | null; whole: boolean } {
    let node = resolve(root);
    for (const step of path) {
      const next = resolve(child(node, step));
      if (next === null) return { node, whole: false };
      node = next;
    }
    return { node, whole: true };
  }

  function resolve(node: unknown): Node | null {
    if (isAlias(node)) return node.resolve(document) ?? null;
    return isMap(node) || isSeq(node) || isScalar(node) ? node : null;
  }

  return {
    of: (path) => positionOf(walk(path).node, lines),
    ofKey(path, key) {
      const { node } = walk(path);
      const pair = isMap(node) ? node.items.find((item) => keyText(item.key) === key) : undefined;
      return positionOf(isScalar(pair?.key) ? pair.key : node, lines);
    },
    source(path) {
      const { node, whole } = walk(path);
      return whole && isScalar(node) ? node.source : undefined;
    },
  };
}

/** `*name` whose anchor is nowhere: most often a pattern that wants quotes. */
export function unknownAliases(document: Document, lines: LineCounter): { source: string; position: Position }[] {
  const unknown: { source: string; position: Position }[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined)
        unknown.push({ source: alias.source, position: positionOf(alias, lines) });
    },
  });
  return unknown;
}

function child(node: Node | null, step: PropertyKey): unknown {
  if (isSeq(node)) return typeof step === "number" ? node.items[step] : undefined;
  if (isMap(node)) return node.items.find(({ key }) => keyText(key) === String(step))?.value;
  return undefined;
}

function keyText(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function positionOf(node: Node | null | undefined, lines: LineCounter): Position {
  const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
