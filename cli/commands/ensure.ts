import type { Command } from "commander";
import type { EnsuredRepository } from "#shared/standards/shown-ensured.ts";
import { EXIT } from "../exit-codes.ts";
import { repositoryName } from "../image-name.ts";
import { visible } from "../output/visible.ts";
import type { Run } from "../program.ts";

export function addEnsure(program: Command, run: Run): void {
  program
    .command("ensure")
    .description("make sure that a repository exists and is at its standard")
    .argument("<name>", "private repository: team-a/api")
    .addHelpText(
      "after",
      `
Safe to repeat, and to run many times at once. Run it before the first push of a pipeline.

Examples:
  ecr-autopilot ensure team-a/api
  docker push "$(ecr-autopilot ensure team-a/api --json | jq -r .uri):v1.0.0"
`,
    )
    .action((name: string, _options: unknown, command: Command) =>
      run(command, async (session) => {
        const repository = repositoryName(name);
        const ensured = await (await session.backend()).ensure(repository);
        session.show(ensured, () => inWords(ensured));
        return EXIT.done;
      }),
    );
}

function inWords({ repository, uri, created, template, changed, differences }: EnsuredRepository): string {
  const state = created ? "was created" : changed.length > 0 ? "was brought to its standard" : "is at its standard";
  return visible(
    [
      `${repository} ${state} (template ${template})`,
      ...changed.map(({ words }) => `  was written: ${words}`),
      ...differences.map(({ words, action }) => `  differs still (${action}): ${words}`),
      `  push to ${uri}`,
    ].join("\n"),
  );
}
