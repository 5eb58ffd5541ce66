/** Sweeps over repositories that no function has seen. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateRepositoryCommand } from "@aws-sdk/client-ecr";
import type { TestAccount } from "../support/account.ts";

/** Creates a repository as it was before the policy: no event of it reaches a function. */
export async function createUnseen(
  test: Pick<TestAccount, "account" | "ecr">,
  repositoryName: string,
  settings: object = {},
): Promise<void> {
  test.account.disturb({ drop: () => true });
  await test.ecr.send(new CreateRepositoryCommand({ repositoryName, ...settings }));
  test.account.disturb({});
}

export async function sweep(test: Pick<TestAccount, "account">) {
  const after = test.account.timeline.last();
  await test.account.fireSchedule("ReconcileRepositories");
  const finished = await test.account.timeline.until(
    "the end of the sweep",
    { after, timeoutMs: 60_000 },
    ({ what }) => what === "sweep-finished",
  );
  await test.account.idle();
  const entries = test.account.timeline.after(after);
  return {
    counts: finished.facts,
    decisions: entries.filter(({ kind }) => kind === "decision").map(({ what, repository }) => [what, repository]),
    writes: entries
      .filter(({ kind, what }) => kind === "call" && what.startsWith("ecr:"))
      .map(({ what, repository }) => [what, repository]),
    events: entries
      .filter(({ kind, who }) => kind === "event" && who === "ecr-autopilot")
      .map(({ facts }) => facts.event),
  };
}

/** Takes an action away from the role of a function, in an assembly that was made for the test. */
export async function withoutGrant(assemblyDir: string, functionPrefix: string, action: string): Promise<void> {
  const file = join(assemblyDir, "EcrAutopilot.template.json");
  const template = JSON.parse(await readFile(file, "utf8"));
  let taken = 0;
  for (const [id, { Type, Properties }] of Object.entries<{ Type: string; Properties: unknown }>(template.Resources)) {
    if (Type !== "AWS::IAM::Policy" || !id.startsWith(functionPrefix)) continue;
    const { Statement } = (Properties as { PolicyDocument: { Statement: { Action: string | string[] }[] } })
      .PolicyDocument;
    for (const statement of Statement) {
      const actions = [statement.Action].flat();
      if (!actions.includes(action)) continue;
      statement.Action = actions.filter((one) => one !== action);
      taken += 1;
    }
  }
  if (taken !== 1) throw new Error(`${taken} grants of ${functionPrefix} have ${action}`);
  await writeFile(file, JSON.stringify(template));
}
