import { Argument, type Command } from "commander";
import { type Applied, SWEEPS, type SweepOf } from "../backends/backend.ts";
import { EXIT } from "../exit-codes.ts";
import { pageTable } from "../output/page-table.ts";
import { visible } from "../output/visible.ts";
import type { Run } from "../program.ts";

export function addApply(program: Command, run: Run): void {
  program
    .command("apply")
    .description("do now what the hourly sweeps do: what plan shows is written")
    .addArgument(new Argument("[what]", "a part alone; all without it").choices(SWEEPS))
    .addHelpText(
      "after",
      `
The API begins the sweep, and its outcome is in the stack's logs and events. With --policy it is done here: images are copied through this machine, and
creation templates, which need the stack's role, are left alone.

Examples:
  ecr-autopilot apply standards
  ecr-autopilot apply mirrors --policy policies/default.yaml
`,
    )
    .action((what: SweepOf | undefined, _options: unknown, command: Command) =>
      run(command, async (session) => {
        const backend = await session.backend();
        const applied: Applied[] = [];
        for (const of of what === undefined ? SWEEPS : [what]) applied.push(await backend.apply(of));
        const [only] = applied;
        const words = () => applied.map((one) => inWords(one, session.out.columns)).join("\n");
        session.show(what === undefined ? { applied } : only, words);
        const hasFailed = applied.some(({ counts }) => Number(counts?.failed ?? 0) > 0);
        return hasFailed ? EXIT.failed : EXIT.done;
      }),
    );
}

function inWords({ requested, counts, pages }: Applied, width: number | undefined): string {
  if (pages !== undefined) return pages.length === 0 ? "catalog: no pages" : pageTable(pages, width);
  if (counts === undefined) return `${requested}: a sweep was asked for`;
  const told = Object.entries(counts).flatMap(([name, count]) =>
    typeof count === "number" && count > 0 ? [`${name} ${count}`] : [],
  );
  return visible(`${requested}: ${told.length === 0 ? "nothing to look at" : told.join(", ")}`);
}
