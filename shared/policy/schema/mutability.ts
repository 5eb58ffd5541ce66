import * as z from "zod";
import { repositoryGlob } from "./repository-glob.ts";
import { strictObject } from "./strict-object.ts";

const LONGEST_REASON = 256;
const SAMPLE_DAY = "2026-12-31";

const exception = strictObject({
  repository: repositoryGlob.meta({
    description: "Which repositories, as a glob: * is any run of characters within a segment of the name, ** any run.",
    examples: ["team-a/legacy"],
  }),
  reason: z
    .string()
    .check(z.superRefine(checkReason))
    .meta({ description: "Why; it stands in every report.", examples: ["moves to digests in Q1"] }),
  expires: z
    .string({
      error: ({ input }) =>
        typeof input === "number"
          ? `is the number ${input}, not a day; write for example ${SAMPLE_DAY} instead`
          : undefined,
    })
    .check(z.superRefine(checkDay))
    .meta({
      description: "The last day (UTC) on which the exception holds, YYYY-MM-DD; then the template is enforced again.",
      examples: [SAMPLE_DAY],
      format: "date",
    }),
});

/** What becomes of a tag mutability that differs. An exception that has expired is no error: the sweep reports it. */
export const mutabilitySchema = strictObject({
  enforcement: z.enum(["enforce", "report"]).default("enforce").meta({
    description: "enforce puts the template's mutability back; report only says what differs.",
  }),
  exceptions: z
    .array(exception)
    .default([])
    .meta({ description: "Repositories whose mutability is left alone until a day." }),
});

function checkReason(reason: string, context: z.core.$RefinementCtx<string>): void {
  if (reason.trim() === "") context.addIssue("is blank; write why, for example `reason: moves to digests in Q1`");
  if (reason.length > LONGEST_REASON)
    context.addIssue(`is ${reason.length} characters long; write ${LONGEST_REASON} at most`);
}

/** Date.parse alone would take other ways to write a day; that it turns 30 February into March shows when the day is written again. */
function checkDay(text: string, context: z.core.$RefinementCtx<string>): void {
  const time = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return;
  context.addIssue(`${JSON.stringify(text)} is no day of the calendar; write YYYY-MM-DD, for example ${SAMPLE_DAY}`);
}
