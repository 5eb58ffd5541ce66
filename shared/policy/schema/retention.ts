import * as z from "zod";
import { matchesGlob } from "../glob.ts";
import { listRule, objectRule, type Report, strictObject } from "./strict-object.ts";
import { tagGlob } from "./tag-glob.ts";

const entry = strictObject({
  tags: tagGlob.meta({
    description: "Public tags, as a glob; the first entry that matches decides.",
    examples: ["v*"],
  }),
  newest: z
    .int()
    .min(1)
    .meta({
      description: "Keep so many: of tags that are versions the highest, of the others the last ones pushed.",
      examples: [20],
    })
    .exactOptional(),
  days: z
    .int()
    .min(1)
    .meta({ description: "Keep what was pushed at most so many days ago.", examples: [90] })
    .exactOptional(),
}).check(
  objectRule(({ newest, days }, report) => {
    if (newest === undefined && days === undefined)
      report([], "keeps nothing; write newest or days, for example `newest: 20`");
  }),
);

/** What is kept on the public side, which has no lifecycle policies. */
export const retentionSchema = z.array(entry).check(listRule(checkReached));

function checkReached(elements: readonly unknown[], report: Report): void {
  const globs = elements.map((element) => (element as { tags?: unknown } | null | undefined)?.tags);
  globs.forEach((glob, index) => {
    const before = globs.findIndex((other) => typeof other === "string" && covers(other, glob));
    if (before < 0 || before >= index) return;
    report(
      [index, "tags"],
      `${glob} is never reached, as ${globs[before]} stands before it and decides; write it above that one`,
    );
  });
}

/** A glob that matches another one's own text, stars and all, matches all that it stands for. */
function covers(glob: string, other: unknown): boolean {
  return typeof other === "string" && matchesGlob(glob, other);
}
