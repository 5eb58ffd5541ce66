import type { Command } from "commander";
import type { DeadLetterList } from "../backends/backend.ts";
import { EXIT } from "../exit-codes.ts";
import { table } from "../output/table.ts";
import type { Run } from "../program.ts";
import { UsageError } from "../usage-error.ts";

export function addDeadLetters(program: Command, run: Run): void {
  program
    .command("dead-letters")
    .description("show the work that was given up, or send it back")
    .option("--replay <id>", "send one back to the queue that it came from")
    .option("--replay-all", "send all of them back")
    .option("--stack <name>", "without the API: find the queues of this stack with your own AWS credentials")
    .addHelpText(
      "after",
      `
A look hides each message from others for a moment, and counts as a receive.

Examples:
  ecr-autopilot dead-letters
  ecr-autopilot dead-letters --stack EcrAutopilot --profile platform
  ecr-autopilot dead-letters --replay 6d2f5e0c-5c1f-4b6e-9a51-2f6f3f3f7d10
`,
    )
    .action((options: { replay?: string; replayAll?: boolean }, command: Command) =>
      run(command, async (session) => {
        const { replay, replayAll } = options;
        if (replay !== undefined && replayAll === true)
          throw new UsageError("give --replay ID or --replay-all, not both");
        const backend = await session.backend();
        if (replay !== undefined) {
          const answer = await backend.replay(replay);
          session.show(answer, () => `${replay} was sent back to ${answer.replayed.function}`);
        } else if (replayAll === true) {
          const answer = await backend.replayAll();
          const rows = answer.tasks.map(({ function: name, task }) => [name, task]);
          session.show(answer, () => table(["FUNCTION", "MOVING"], rows, { width: session.out.columns }));
        } else {
          const found = await backend.deadLetters();
          session.show(found, () => inWords(found, session.out.columns));
        }
        return EXIT.done;
      }),
    );
}

function inWords({ deadLetters, more }: DeadLetterList, width: number | undefined): string {
  if (deadLetters.length === 0) return "No dead letters.";
  const rows = deadLetters.map(({ id, function: name, kind = "", repository = "", sentAt = "" }) => [
    ...[id, name, kind, repository],
    sentAt.replace(/\.\d+Z$/, "Z"),
  ]);
  const text = table(["ID", "FUNCTION", "KIND", "REPOSITORY", "SENT"], rows, { width });
  return more ? `${text}\nThere are more.` : text;
}
