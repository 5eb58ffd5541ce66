import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import { visible } from "../output/visible.ts";
import type { Run } from "../program.ts";

/** What reads a policy is loaded when it is needed: it is half of the program. */
export function addPolicy(program: Command, run: Run): void {
  const policy = program.command("policy").description("check a policy file, or show what it may hold; needs no AWS");
  policy
    .command("check")
    .description("check a policy file, and list every error by line")
    .argument("<file>", "policy in YAML; - reads standard input")
    .addHelpText(
      "after",
      `
Examples:
  ecr-autopilot policy check policies/default.yaml
  generate-policy | ecr-autopilot policy check - --json
`,
    )
    .action((file: string, _options: unknown, command: Command) =>
      run(command, async (session) => {
        const { checkPolicy } = await import("../check-policy.ts");
        const { words, ...checked } = await checkPolicy(file, session.stdin);
        session.show(checked, () => visible(words));
        return checked.valid ? EXIT.done : EXIT.refused;
      }),
    );
  policy
    .command("schema")
    .description("print the JSON Schema of a policy, for an editor")
    .addHelpText(
      "after",
      `
Example:
  ecr-autopilot policy schema > policy.schema.json
`,
    )
    .action((_options: unknown, command: Command) =>
      run(command, async ({ out }) => {
        const { policyJsonSchema } = await import("../check-policy.ts");
        out.line(JSON.stringify(policyJsonSchema(), null, 2));
        return EXIT.done;
      }),
    );
}
