import * as z from "zod";
import { checkRepositoryName } from "../repository-name.ts";

const LONGEST_NAME = 256;

/** Names of private repositories, as a glob of the kind `repository`; one that no name can match is refused. */
export const repositoryGlob = z
  .string()
  .max(LONGEST_NAME, `is longer than ${LONGEST_NAME} characters, longer than any name in ECR; write a shorter one`)
  .check(z.superRefine(checkGlob));

/** A name that the glob may match; it stands for all of them, as what others give is checked when they are pushed. */
export function sampleName(glob: string): string {
  return glob.replaceAll("**", "xx/xx").replaceAll("*", "xx");
}

function checkGlob(glob: string, context: z.core.$RefinementCtx<string>): void {
  if (glob.length > LONGEST_NAME) return; // Told above.
  const quoted = JSON.stringify(glob);
  if (glob.includes("***")) context.addIssue(`${quoted} has three * in a row; write ** for any run of characters`);
  else if (checkRepositoryName(sampleName(glob)) !== undefined) {
    context.addIssue(
      `${quoted} matches no name that ECR takes: it allows lower-case words joined by . _ - and "/"; write for example team-a/* instead`,
    );
  }
}
