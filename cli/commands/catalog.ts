import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import { repositoryName } from "../image-name.ts";
import { pageTable } from "../output/page-table.ts";
import { planRows } from "../output/plan-rows.ts";
import { table } from "../output/table.ts";
import type { Run } from "../program.ts";

export function addCatalog(program: Command, run: Run): void {
  program
    .command("catalog")
    .description("bring public gallery pages to what the policy says")
    .argument("[name]", "public repository; all without it")
    .option("--plan", "show what would change, and write nothing")
    .addHelpText(
      "after",
      `
Examples:
  ecr-autopilot catalog team-a-api --plan
  ecr-autopilot catalog --policy policies/default.yaml
`,
    )
    .action((text: string | undefined, options: { plan?: boolean }, command: Command) =>
      run(command, async (session) => {
        const name = text === undefined ? undefined : repositoryName(text, "public");
        const backend = await session.backend();
        const width = session.out.columns;
        if (options.plan === true) {
          const plan = await backend.plan({ of: "catalog", repository: name });
          const rows = () => planRows(plan).map(({ repository, action, what }) => [repository, action, what]);
          session.show(plan, () =>
            rows().length === 0 ? "Nothing differs." : table(["PAGE", "ACTION", "WHAT"], rows(), { width }),
          );
        } else if (name === undefined) {
          const applied = await backend.apply("catalog");
          const { pages } = applied;
          session.show(applied, () =>
            pages === undefined
              ? "catalog: a sweep was asked for"
              : pages.length === 0
                ? "No pages."
                : pageTable(pages, width),
          );
        } else {
          const page = await backend.syncPage(name);
          session.show(page, () => pageTable([page], width));
          if (page.outcome === "gone" || page.outcome === "not-ours") return EXIT.failed;
        }
        return EXIT.done;
      }),
    );
}
