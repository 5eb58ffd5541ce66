import { readFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { EXIT_CODES_IN_WORDS } from "../../../cli/exit-codes.ts";
import { runProgram } from "../../../cli/program.ts";
import { CLI_FILE } from "../../../infra/build-cli.ts";
import { testSurroundings } from "./surroundings.ts";

async function run(words: string, given: Parameters<typeof testSurroundings>[0] = {}) {
  const surroundings = testSurroundings(given);
  const code = await runProgram(words === "" ? [] : words.split(" "), surroundings, "1.2.3");
  return { code, ...surroundings.told() };
}

const VERBS = ["plan", "apply", "ensure", "mirror", "backfill", "catalog", "status", "dead-letters"];

describe("--help", () => {
  it("lists every verb, examples and exit codes", async () => {
    const { code, stdout, stderr } = await run("--help");

    expect([code, stderr]).toEqual([0, ""]);
    expect([...stdout.matchAll(/^ {2}([a-z-]+) .*/gm)].map(([, verb]) => verb)).toEqual(
      expect.arrayContaining([...VERBS, "policy"]),
    );
    expect(stdout).toContain(EXIT_CODES_IN_WORDS);
    expect(stdout).toContain("Examples:\n  ecr-autopilot ensure team-a/api");
  });

  it.each([...VERBS, "policy check", "policy schema"])("of %s has an example, and the options of all", async (verb) => {
    const { code, stdout } = await run(`${verb} --help`);

    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: ecr-autopilot ${verb} `);
    expect(stdout).toMatch(new RegExp(`\nExamples?:\n(  .*\n)*.*ecr-autopilot ${verb}`));
    expect(stdout).toContain("--endpoint <url>");
  });

  it("is what is shown without words, which are then wrong", async () => {
    const { code, stdout, stderr } = await run("");

    expect(code).toBe(2);
    expect(`${stdout}${stderr}`).toContain("Usage: ecr-autopilot");
  });
});

describe("wrong words", () => {
  it.each([
    ["ensure", "error: missing required argument 'name'"],
    ["ensure a/b c/d", "error: too many arguments"],
    ["esnure a/b", "error: unknown command 'esnure'\n(Did you mean ensure?)"],
    ["plan everything", "Allowed choices are standards, mirrors, deletions, catalog."],
    ["status --filter all", "Allowed choices are drifted, misnamed, mirrored."],
    ["status --jsno", "error: unknown option '--jsno'\n(Did you mean --json?)"],
    ["status", "error: give --endpoint URL (or set ECR_AUTOPILOT_ENDPOINT) to ask the REST API, or --policy FILE"],
    ["status --endpoint https://x.example --policy p.yaml", "error: --endpoint goes to the REST API"],
    ["status a/b --filter drifted", "error: --filter is for all repositories"],
    ["mirror a/b", "error: 'a/b' names no image; write a/b:TAG"],
    ["dead-letters --replay x --replay-all --stack S", "error: give --replay ID or --replay-all, not both"],
    ["plan --policy nowhere.yaml", "error: cannot read the policy nowhere.yaml: ENOENT"],
    ["policy check nowhere.yaml", "error: cannot read nowhere.yaml: ENOENT"],
    ["status --endpoint nonsense --region eu-west-1", "error: 'nonsense' is no endpoint"],
  ])("%s", async (words, said) => {
    const { code, stdout, stderr } = await run(words);

    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(said);
  });

  it("show no stack, unless that is asked for", async () => {
    const [plain, debugged] = [await run("policy check nowhere.yaml"), await run("policy check nowhere.yaml --debug")];

    expect(plain.stderr).not.toContain("    at ");
    expect(debugged.stderr).toContain("    at ");
  });
});

describe("policy check", () => {
  it("reads standard input, and lists every error by line and column", async () => {
    const stdin = "version: 1\ntemplates:\n  - prefix: team\n    mutability: { mode: IMUTABLE }\n    scanOnPsh: true\n";

    const [plain, machine] = [await run("policy check -", { stdin }), await run("policy check - --json", { stdin })];

    expect([plain.code, machine.code, plain.stderr, machine.stderr]).toEqual([3, 3, "", ""]);
    expect(plain.stdout).toMatch(
      /^stdin:4:25 {2}templates\[0\]\.mutability\.mode: .*\nstdin:5:5 {2}templates\[0\]: .*scanOnPush.*\n$/,
    );
    expect(JSON.parse(machine.stdout)).toMatchObject({
      file: "stdin",
      valid: false,
      problems: [
        { line: 4, column: 25, path: "templates[0].mutability.mode" },
        { line: 5, column: 5 },
      ],
    });
  });

  it("tells what a good policy holds", async () => {
    expect(await run("policy check policies/default.yaml")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^policies\/default\.yaml is valid: 1 template, 0 mirror rules, 0 pages\n/),
    });
  });
});

describe("a name that breaks a rule of ECR", () => {
  it("is refused before anything is asked, in JSON where that is wanted", async () => {
    const { code, stdout, stderr } = await run("ensure ../etc --json --endpoint https://x.example");

    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "name-refused", rule: "service" } });
    expect(stderr).toMatch(/^error: "\.\.\/etc" has the part "\.\."; .* \(name-refused, rule service\)\n$/);
  });
});

describe("Ctrl-C", () => {
  it("ends what is under way with 130 and a word", async () => {
    const surroundings = testSurroundings();
    const ended = runProgram(["policy", "check", "-"], { ...surroundings, stdin: neverEnding() }, "1.2.3");

    surroundings.interrupt();

    expect(await ended).toBe(130);
    expect(surroundings.told()).toEqual({ stdout: "", stderr: "interrupted\n" });
  });
});

describe("the package", () => {
  it("has the bundle as its command, made at the end of an installation", async () => {
    const { bin, scripts } = JSON.parse(await readFile("package.json", "utf8"));

    expect(bin).toEqual({ "ecr-autopilot": CLI_FILE });
    expect(scripts.prepare).toBe("node infra/build-cli.ts");
  });
});

function neverEnding(): PassThrough {
  return new PassThrough();
}
