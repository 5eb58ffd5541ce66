import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateRepositoryCommand,
  CreateRepositoryCreationTemplateCommand,
  DescribeRepositoryCreationTemplatesCommand,
  type RepositoryCreationTemplate,
} from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readStandards } from "../../local/tour/standards.ts";
import { startTestAccount, type TestAccount } from "../support/account.ts";
import { assembleWarm } from "../support/assembler.ts";

async function templatesOf({ ecr }: TestAccount): Promise<RepositoryCreationTemplate[]> {
  const { repositoryCreationTemplates } = await ecr.send(new DescribeRepositoryCreationTemplatesCommand({}));
  return repositoryCreationTemplates ?? [];
}

/** What the function that publishes them has decided. */
function decisionsOf({ account }: TestAccount): string[] {
  return account.timeline
    .after(0)
    .flatMap(({ kind, who, what }) => (kind === "decision" && who === "reconcile-repositories" ? [what] : []));
}

describe("native creation templates", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-templates-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function assemblyOf(name: string, change: (policy: string) => string): Promise<string> {
    const policyFile = join(directory, `${name}.yaml`);
    await writeFile(policyFile, change(await readFile("policies/example.yaml", "utf8")));
    return assembleWarm({ policyFile, directory: join(directory, name) });
  }

  it("follow the policy from one deployment to the next, and leave alone what others made", async () => {
    const dataDir = join(directory, "account");
    {
      await using test = await startTestAccount({ dataDir });
      await test.ecr.send(
        new CreateRepositoryCreationTemplateCommand({
          prefix: "theirs",
          description: "by hand",
          appliedFor: ["REPLICATION"],
        }),
      );
    }

    {
      const assemblyDir = await assemblyOf("changed", (policy) => policy.replace("team: a", "team: alpha"));
      await using test = await startTestAccount({ dataDir, assemblyDir });
      expect(decisionsOf(test)).toEqual(["creation-template-written", "sweep-finished"]);
      const templates = await templatesOf(test);
      expect(templates.map(({ prefix }) => prefix)).toEqual(["team-a", "theirs"]);
      expect(templates[0]?.resourceTags).toContainEqual({ Key: "team", Value: "alpha" });
    }

    {
      const assemblyDir = await assemblyOf("renamed", (policy) => policy.replace("prefix: team-a", "prefix: team-z"));
      await using test = await startTestAccount({ dataDir, assemblyDir });
      expect(decisionsOf(test).sort()).toEqual([
        "creation-template-deleted",
        "creation-template-written",
        "sweep-finished",
      ]);
      expect((await templatesOf(test)).map(({ prefix }) => prefix)).toEqual(["team-z", "theirs"]);
    }
  });

  it("are not written again when nothing has changed", async () => {
    const dataDir = join(directory, "unchanged");
    {
      await using _first = await startTestAccount({ dataDir });
    }

    await using test = await startTestAccount({ dataDir });

    expect(decisionsOf(test)).toEqual(["creation-templates-conform", "sweep-finished"]);
  });

  it("do nothing for a repository from before the policy: the sweep of the deployment brings it to the template", async () => {
    const dataDir = join(directory, "old");
    let missing: readonly string[];
    {
      const assemblyDir = await assemblyOf("without", (policy) => policy.replace("prefix: team-a", "prefix: team-z"));
      await using test = await startTestAccount({ dataDir, assemblyDir });
      await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "team-a/web" }));
      await test.account.idle();
      ({ missing } = await readStandards(test.ecr, "team-a/web"));
    }

    await using test = await startTestAccount({ dataDir });

    expect(missing).toHaveLength(5);
    expect(decisionsOf(test)).toContain("drift-put-back");
    expect(await readStandards(test.ecr, "team-a/web")).toMatchObject({ missing: [] });
  });

  it("give way to a template that somebody else made for the same prefix, on record", async () => {
    const dataDir = join(directory, "conflict");
    {
      const assemblyDir = await assemblyOf("other", (policy) => policy.replace("prefix: team-a", "prefix: team-z"));
      await using test = await startTestAccount({ dataDir, assemblyDir });
      await test.ecr.send(
        new CreateRepositoryCreationTemplateCommand({
          prefix: "team-a",
          description: "by hand",
          appliedFor: ["CREATE_ON_PUSH"],
        }),
      );
    }

    await using test = await startTestAccount({ dataDir });

    const conflict = test.account.timeline.after(0).find(({ what }) => what === "creation-template-conflict");
    expect(conflict?.text).toContain("the creation template 'team-a' was made by somebody else");
    expect((await templatesOf(test)).find(({ prefix }) => prefix === "team-a")?.description).toBe("by hand");
  });
});
