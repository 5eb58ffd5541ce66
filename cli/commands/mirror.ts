import type { Command } from "commander";
import type { MirrorAnswer } from "../backends/backend.ts";
import { EXIT } from "../exit-codes.ts";
import { imageInWords, parseImageName } from "../image-name.ts";
import { coloured } from "../output/colours.ts";
import { exitCodeOfOutcomes, outcomeRows } from "../output/outcome-table.ts";
import { table } from "../output/table.ts";
import type { Terminal } from "../output/terminal.ts";
import type { Run } from "../program.ts";
import { UsageError } from "../usage-error.ts";

export function addMirror(program: Command, run: Run): void {
  program
    .command("mirror")
    .description("publish one image to ECR Public, where a rule of the policy selects it")
    .argument("<image>", "REPO:TAG or REPO@sha256:...")
    .addHelpText(
      "after",
      `
The API hands it to the mirror's queue; status tells when it is public. With --policy it is copied through this machine.

Examples:
  ecr-autopilot mirror team-a/api:v1.0.0
  ecr-autopilot mirror team-a/api:v1.0.0 --policy policies/default.yaml
`,
    )
    .action((image: string, _options: unknown, command: Command) =>
      run(command, async (session) => {
        const wanted = parseImageName(image);
        if (wanted.tag === undefined && wanted.digest === undefined) {
          throw new UsageError(
            `'${image}' names no image; write ${wanted.repository}:TAG or ${wanted.repository}@sha256:...`,
          );
        }
        const answer = await (await session.backend()).mirror(wanted);
        session.show(answer, () => inWords(answer, imageInWords(wanted), session.out));
        return answer.outcomes === undefined ? EXIT.done : exitCodeOfOutcomes(answer.outcomes);
      }),
    );
}

function inWords({ outcomes }: MirrorAnswer, image: string, out: Terminal): string {
  if (outcomes === undefined) return `${image} was asked of the mirror; ecr-autopilot status ${image} tells of it`;
  const style = (text: string, column: number) => (column === 0 ? coloured(out, text) : text);
  return table(["OUTCOME", "DESTINATION", "TAGS", "WHAT"], outcomeRows(outcomes), { width: out.columns, style });
}
