import * as z from "zod";

/** Image tags, as a glob of the kind `tag`; one that no tag can match is refused. API model: imageTag, `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`. */
export const tagGlob = z
  .string()
  .regex(/^(?![.-])[A-Za-z0-9_.*-]{1,128}$/, { error: ({ input }) => tagGlobRefused(String(input)) });

function tagGlobRefused(glob: string): string {
  const quoted = JSON.stringify(glob);
  return /^[A-Za-z0-9_.*-]{1,128}$/.test(glob)
    ? `${quoted} matches no tag, as a tag begins with a letter, a digit or "_"; write ${JSON.stringify(`*${glob}`)} instead`
    : `${quoted} is no tag pattern; write 1 to 128 of the characters a-z, A-Z, 0-9, ".", "_", "-" and "*" instead`;
}
