import { Argument, type Command } from "commander";
import { type Backend, PLANS, type Plan, type PlanOf } from "../backends/backend.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { repositoryName } from "../image-name.ts";
import { planRows } from "../output/plan-rows.ts";
import { table } from "../output/table.ts";
import type { Run } from "../program.ts";

/** What is planned without a word: deletions are part of the mirrors. */
const ALL = ["standards", "mirrors", "catalog"] as const;

export function addPlan(program: Command, run: Run): void {
  program
    .command("plan")
    .description("show what would change, and write nothing")
    .addArgument(new Argument("[what]", "a part alone; all without it").choices(PLANS))
    .option("--repository <name>", "one repository alone: private, or public for catalog")
    .option("--exit-code", "end with 4 when something differs")
    .addHelpText(
      "after",
      `
Examples:
  ecr-autopilot plan
  ecr-autopilot plan standards --repository team-a/api
  ecr-autopilot plan --exit-code --quiet || echo "drift"
`,
    )
    .action((what: PlanOf | undefined, options: { repository?: string; exitCode?: boolean }, command: Command) =>
      run(command, async (session) => {
        const side = what === "catalog" ? "public" : "private";
        const repository = options.repository === undefined ? undefined : repositoryName(options.repository, side);
        const backend = await session.backend();
        const plans: Plan[] = [];
        for (const of of what === undefined ? (repository === undefined ? ALL : (["standards"] as const)) : [what]) {
          plans.push(await wholePlan(backend, of, repository));
        }
        const [only] = plans;
        session.show(what === undefined ? { plans } : only, () => inWords(plans, session.out.columns));
        return exitCodeOf(plans, options.exitCode === true);
      }),
    );
}

/** All parts of a plan as one. */
async function wholePlan(backend: Backend, of: PlanOf, repository: string | undefined): Promise<Plan> {
  let whole: Plan = { of };
  let next: string | undefined;
  do {
    const { next: goesOn, ...part } = await backend.plan({ of, repository, next });
    whole = joined(whole, part);
    next = goesOn;
  } while (next !== undefined);
  return whole;
}

/** Lists are put one behind the other; of what each part says of the whole, the last has the sum. */
function joined(whole: Plan, part: Plan): Plan {
  const members = Object.entries(part).map(([key, value]) => {
    const before: unknown = whole[key as keyof Plan];
    return [key, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value] as const;
  });
  const { words: _, ...rest } = Object.fromEntries(members);
  return { ...whole, ...rest };
}

function inWords(plans: readonly Plan[], width: number | undefined): string {
  const rows = plans.flatMap(planRows);
  if (rows.length === 0) return "Nothing differs.";
  return table(
    ["REPOSITORY", "ACTION", "WHAT"],
    rows.map(({ repository, action, what }) => [repository, action, what]),
    { width },
  );
}

function exitCodeOf(plans: readonly Plan[], isAsked: boolean): ExitCode {
  const rows = plans.flatMap(planRows);
  const failures = plans.map(({ counts }) => Number(counts?.failed ?? 0));
  if (rows.some((one) => one.is === "failed") || failures.some((failed) => failed > 0)) return EXIT.failed;
  return isAsked && rows.some((one) => one.is === "different") ? EXIT.different : EXIT.done;
}
