import type { Command } from "commander";
import type { BackfillAnswer } from "../backends/backend.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { imageInWords, repositoryName } from "../image-name.ts";
import { coloured } from "../output/colours.ts";
import { exitCodeOfOutcomes, outcomeRows } from "../output/outcome-table.ts";
import { table } from "../output/table.ts";
import type { Terminal } from "../output/terminal.ts";
import type { Run } from "../program.ts";

export function addBackfill(program: Command, run: Run): void {
  program
    .command("backfill")
    .description("publish whatever the rules select and is not public yet")
    .argument("[repository]", "private repository; all that rules name without it")
    .addHelpText(
      "after",
      `
The API hands the images to the mirror's queue. With --policy they are copied through this machine, one after the other; what is there is not sent again,
so it can be ended with Ctrl-C, and begun again.

Examples:
  ecr-autopilot backfill
  ecr-autopilot backfill team-a/api --policy policies/default.yaml
`,
    )
    .action((name: string | undefined, _options: unknown, command: Command) =>
      run(command, async (session) => {
        const repository = name === undefined ? undefined : repositoryName(name);
        const answer = await (await session.backend()).backfill(repository);
        session.show(answer, () => inWords(answer, session.out));
        return exitCodeOf(answer);
      }),
    );
}

function inWords({ images }: BackfillAnswer, out: Terminal): string {
  if (images === undefined)
    return "all that the rules select was asked of the mirror; ecr-autopilot plan mirrors tells what is missing";
  if (images.length === 0) return "Nothing is missing.";
  const rows = images.flatMap(({ tags, outcomes, failure, ...image }) => {
    const name = `${imageInWords(image)}${tags.length === 0 ? "" : ` (${tags.join(", ")})`}`;
    if (failure !== undefined) return [[name, "failed", "", failure.detail]];
    if (outcomes === undefined) return [[name, "requested", "", ""]];
    return outcomeRows(outcomes).map(([outcome = "", destination = "", , what = ""]) => [
      name,
      outcome,
      destination,
      what,
    ]);
  });
  const style = (text: string, column: number) => (column === 1 ? coloured(out, text) : text);
  return table(["IMAGE", "OUTCOME", "DESTINATION", "WHAT"], rows, { width: out.columns, style });
}

/** What a gate holds back is normal in a back-fill: it comes when the gate opens. */
function exitCodeOf({ images = [] }: BackfillAnswer): ExitCode {
  if (images.some(({ failure }) => failure !== undefined)) return EXIT.failed;
  const outcomes = images.flatMap((image) => image.outcomes ?? []).filter(({ outcome }) => outcome !== "blocked");
  return exitCodeOfOutcomes(outcomes);
}
