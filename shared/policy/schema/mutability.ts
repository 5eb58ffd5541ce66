import * as z from "zod";
import { lastDay, reasonText } from "./exception.ts";
import { repositoryGlob } from "./repository-glob.ts";
import { strictObject } from "./strict-object.ts";

const exception = strictObject({
  repository: repositoryGlob.meta({
    description: "Which repositories, as a glob: * is any run of characters within a segment of the name, ** any run.",
    examples: ["team-a/legacy"],
  }),
  reason: reasonText("moves to digests in Q1"),
  expires: lastDay("The last day (UTC) on which the exception holds, YYYY-MM-DD; then the template is enforced again."),
});

/** What becomes of a tag mutability that differs. An exception that has expired is no error: the sweep reports it. */
export const mutabilitySchema = strictObject({
  enforcement: z.enum(["enforce", "report"]).default("enforce").meta({
    description: "enforce puts the template's mutability back; report only says what differs.",
  }),
  exceptions: z.array(exception).default([]).meta({
    description:
      "Repositories whose mutability is left alone until a day; a new one is still created as its template says.",
  }),
});
