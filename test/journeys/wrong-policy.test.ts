import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assemble } from "../../local/assembly.ts";

const WRONG = `version: 1
templates:
  - prefix: Team-A
    mutability: { mode: IMMUTABLE_WITH_EXCLUSION }
    scanOnPsh: true
mirror:
  - source: team-a/*
    tags: { include: [] }
    destination: "Team/{name}"
`;

describe("a wrong policy", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-policy-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it("stops the build, with every error at its line and what to write instead", async () => {
    const policyFile = join(directory, "wrong.yaml");
    await writeFile(policyFile, WRONG);

    const complaint = await assemble({ policyFile, directory }).catch((error: Error) => error.message);

    const places = String(complaint).matchAll(/wrong\.yaml:(\d+):\d+ +(\S+):/g);
    expect([...places].map(([, line, path]) => [Number(line), path])).toEqual([
      [3, "templates[0].prefix"],
      [4, "templates[0].mutability.exclude"],
      [5, "templates[0]"],
      [8, "mirror[0].tags.include"],
      [9, "mirror[0].destination"],
    ]);
    expect(complaint).toContain("scanOnPush");
  });

  it("that is not there is said so", async () => {
    await expect(assemble({ policyFile: join(directory, "none.yaml"), directory })).rejects.toThrow(
      /^cannot read the policy .*none\.yaml: ENOENT/,
    );
  });
});
