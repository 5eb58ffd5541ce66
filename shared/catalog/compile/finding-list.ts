import type { CatalogFinding } from "../page-texts.ts";

/** Gathers what is wrong with one file: one finding for each rule, with the first place and how many more there are. */
export interface FindingList {
  /** `message` is a whole sentence part: `the element <script> was taken out`. `line` counts from 1. */
  readonly add: (rule: string, message: string, line?: number) => void;
  readonly all: () => CatalogFinding[];
}

/** Takes the file as the reader knows it: a path seen from the policy's folder, or a member of the policy. */
export function findingList(file: string): FindingList {
  const found = new Map<string, { first: string; count: number }>();
  return {
    add: (rule, message, line) => {
      const before = found.get(rule);
      if (before !== undefined) before.count++;
      else found.set(rule, { first: line === undefined ? message : `line ${line}: ${message}`, count: 1 });
    },
    all: () =>
      [...found].map(([rule, { first, count }]) => ({
        file,
        rule,
        message: count === 1 ? first : `${first}, and ${count - 1} more like it`,
      })),
  };
}
