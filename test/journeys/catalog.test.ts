import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRepositoryCommand } from "@aws-sdk/client-ecr";
import {
  CreateRepositoryCommand as CreatePublicRepositoryCommand,
  GetRegistryCatalogDataCommand,
  GetRepositoryCatalogDataCommand,
  PutRepositoryCatalogDataCommand,
  type RepositoryCatalogData,
} from "@aws-sdk/client-ecr-public";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { picture } from "../gallery/picture.ts";
import { startTestAccount, type TestAccount } from "../support/account.ts";
import { sample } from "../support/events.ts";
import { labelledImage, labelledIndex } from "../support/labelled-image.ts";
import { type Assemblies, testAssemblies } from "../support/policies.ts";
import { pushParts } from "../support/pushing.ts";
import { deletePrivate, resourceTags } from "./mirrors-sweeping.ts";

const POLICY = `version: 1
mirror:
  - source: a/*
    tags: { include: ["v*"] }
    destination: "a-{name}"
    deletion: { graceHours: 0, atMost: 5 }
catalog:
  displayName: Team A
  repositories:
    - repository: a-web
      about: |
        # Web

        See [how it is built](docs/build.md).
      source: https://github.com/example/web
    - repository: a-bad
      description: The logo is none
`;
const labels = {
  "org.opencontainers.image.title": "API of team A",
  "org.opencontainers.image.description": "Answers <script>window.pwned = 1</script>",
};

let assemblies: Assemblies;
let assemblyDir: string;
beforeAll(async () => {
  assemblies = await testAssemblies();
  await writeLogo("a-web", picture(64, [1, 2, 3]));
  await writeLogo("a-bad", Buffer.from("no picture"));
  assemblyDir = await assemblies.of(POLICY, { everything: true });
});
afterAll(() => assemblies[Symbol.asyncDispose]());

async function writeLogo(name: string, bytes: Buffer): Promise<void> {
  await mkdir(join(assemblies.directory, "catalog", name), { recursive: true });
  await writeFile(join(assemblies.directory, "catalog", name, "logo.png"), bytes);
}

async function pageOf(test: TestAccount, repositoryName: string): Promise<RepositoryCatalogData> {
  const { catalogData = {} } = await test.ecrPublic.send(new GetRepositoryCatalogDataCommand({ repositoryName }));
  return catalogData;
}

/** What happens meanwhile: decisions of sync-catalog, and its calls that change something. */
async function during(test: TestAccount, work: () => Promise<unknown>) {
  const after = test.account.timeline.last();
  await work();
  await test.account.idle();
  const entries = test.account.timeline.after(after);
  return {
    told: entries
      .filter(({ kind, who }) => kind === "decision" && who === "sync-catalog")
      .map(({ what, repository, facts }) => `${what} ${repository ?? facts.pages ?? ""}`),
    findings: entries.filter(({ what }) => what === "catalog-finding").map(({ facts }) => facts),
    writes: entries
      .filter(({ kind, what }) => kind === "call" && /^ecr-public:(PutRe|TagRe)/.test(what))
      .map(({ what }) => what),
  };
}

describe("a gallery page", () => {
  it("tells what is public, from the first push to a deletion, and keeps what a person wrote", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const create = (repositoryName: string) => test.ecr.send(new CreateRepositoryCommand({ repositoryName }));
    const release = labelledIndex([
      [labelledImage({ labels }), "linux/amd64"],
      [labelledImage({ architecture: "arm64" }), "linux/arm64"],
      [labelledImage(), "unknown/unknown"],
    ]);
    await create("a/api");

    const first = await during(test, () => pushParts(test, "a/api", release, "v1.0.0"));

    const made = await pageOf(test, "a-api");
    expect(first.told).toEqual(["catalog-updated a-api"]);
    expect(made).toMatchObject({ architectures: ["ARM 64", "x86-64"], operatingSystems: ["Linux"] });
    expect(made.aboutText).toMatch(/^## API of team A\n\nAnswers \\?<script/);
    expect(made.usageText).toMatch(/^docker pull [^ ]+\/a-api:v1\.0\.0$/m);
    expect(made.usageText).toContain(`/a-api@${release.digest}\n`);
    expect(await test.ecrPublic.send(new GetRegistryCatalogDataCommand({}))).toMatchObject({
      registryCatalogData: { displayName: "Team A" },
    });

    const again = await during(test, () => test.account.fireSchedule("SyncCatalog"));
    expect(again).toEqual({ told: ["catalog-swept 1", "catalog-conforms a-api"], findings: [], writes: [] });

    const { logoUrl: _, ...present } = made;
    const catalogData = { ...present, usageText: "# By a person" } as never;
    await test.ecrPublic.send(new PutRepositoryCatalogDataCommand({ repositoryName: "a-api", catalogData }));
    await during(test, () => pushParts(test, "a/api", labelledImage({ os: "windows" }), "v1.1.0"));
    expect(await pageOf(test, "a-api")).toMatchObject({
      usageText: "# By a person",
      operatingSystems: ["Linux", "Windows"],
    });

    const deleted = await during(test, async () => {
      await deletePrivate(test, "a/api", "v1.1.0");
      await test.account.fireSchedule("ReconcileMirrors");
    });
    expect(deleted.told).toEqual(["catalog-updated a-api"]);
    expect(await pageOf(test, "a-api")).toMatchObject({ usageText: "# By a person", operatingSystems: ["Linux"] });
    expect(test.account.deadLetters()).toBe(0);
  });

  it("is made when somebody creates the repository, as good as a bad logo allows, and is planned without a write", async () => {
    await using test = await startTestAccount({ assemblyDir });
    for (const repositoryName of ["a-bad", "somebody-s"]) {
      await test.ecrPublic.send(new CreatePublicRepositoryCommand({ repositoryName }));
    }
    const created = (repositoryName: string) => {
      const { detail, ...event } = sample("public-repository-created");
      const region = test.account.region;
      return {
        ...event,
        version: "0",
        resources: [],
        region,
        detail: { ...detail, requestParameters: { repositoryName } },
      };
    };

    const planned = await during(test, async () => {
      expect(await test.account.invokeDirect("sync-catalog", { mode: "plan", repository: "a-bad" })).toMatchObject({
        payload: {
          mode: "plan",
          pages: [{ repository: "a-bad", fields: ["description"], findings: [{ file: "catalog/a-bad/logo.png" }] }],
          words: expect.stringContaining(
            'a-bad\n  would be written: description: "" -> "The logo is none"\n  catalog/a-bad/',
          ),
        },
      });
      expect(await test.account.invokeDirect("sync-catalog", { mode: "plan" })).toMatchObject({
        payload: { pages: [{ repository: "a-bad" }] },
      });
    });
    const made = await during(test, async () => {
      for (const name of ["a-bad", "somebody-s"]) test.account.publish(created(name) as never);
    });
    const burst = await during(test, () =>
      test.account.invoke(
        "sync-catalog",
        [1, 2, 3].map(() => JSON.stringify(created("a-bad"))),
      ),
    );

    expect(planned).toEqual({ told: [], findings: [], writes: [] });
    expect(made.told.sort()).toEqual(["catalog-finding a-bad", "catalog-updated a-bad", "event-ignored somebody-s"]);
    expect(made.findings).toMatchObject([{ file: "catalog/a-bad/logo.png", reason: expect.stringMatching(/./) }]);
    expect((await pageOf(test, "a-bad")).description).toBe("The logo is none");
    expect(burst.told).toEqual(["catalog-conforms a-bad"]);
  });

  it("has the policy's text and logo, and another logo after the next deployment", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "ecr-autopilot-catalog-"));
    try {
      let logoUrl: string | undefined;
      let tag: string | undefined;
      {
        await using test = await startTestAccount({ assemblyDir, dataDir });
        await test.ecr.send(new CreateRepositoryCommand({ repositoryName: "a/web" }));
        await during(test, () => pushParts(test, "a/web", labelledImage({ labels }), "v1.0.0"));
        const page = await pageOf(test, "a-web");
        logoUrl = page.logoUrl;
        tag = (await resourceTags(test, "a-web"))["ecr-autopilot:logo"];
        expect(page.aboutText).toContain("[how it is built](https://github.com/example/web/blob/HEAD/docs/build.md)");
        expect(logoUrl).toContain(`${tag?.slice(0, 32)}.png`);
      }
      await writeLogo("a-web", picture(65, [7, 8, 9]));
      await using test = await startTestAccount({
        assemblyDir: await assemblies.of(POLICY, { everything: true }),
        dataDir,
      });

      const { logoUrl: next } = await pageOf(test, "a-web");
      const marked = (await resourceTags(test, "a-web"))["ecr-autopilot:logo"];
      expect(marked).not.toBe(tag);
      expect(next).toContain(`${marked?.slice(0, 32)}.png`);
      const answer = await test.account.invokeDirect("sync-catalog", { mode: "apply", repository: "a-web" });
      expect(answer).toEqual({ payload: { mode: "apply", outcome: "conforms", fields: [], findings: [] } });
      expect(await test.account.invokeDirect("sync-catalog", { mode: "apply" })).toMatchObject({
        payload: { pages: 1 },
      });
      await test.account.idle();
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
