/** The command line as people and pipelines run it: a process of its own, on the API and on the services themselves. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListQueuesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleCli } from "../../infra/build-cli.ts";
import { push } from "../../local/tour/push.ts";
import { startTestAccount, type TestAccount } from "../support/account.ts";
import { type CommandResult, run } from "../support/command.ts";
import { sampleText } from "../support/events.ts";
import { smallImage, targetFor } from "../support/pushing.ts";
import { newImage, published, pushUnseen } from "./mirrors-sweeping.ts";
import { createUnseen } from "./sweeping.ts";

/** Not the deployed one, so that no function does what is asked for here. */
const POLICY = `version: 1
naming:
  deny: ["**/tmp-*"]
templates:
  - prefix: fill
    mutability: { mode: IMMUTABLE }
mirror:
  - source: fill/*
    tags: { include: ["v*"] }
    destination: "fill-{name}"
catalog:
  repositories:
    - repository: fill-api
      description: Fills orders
`;

let test: TestAccount;
let directory: string;
let bin: string;
let policy: string;
let environment: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ecr-autopilot-cli-"));
  bin = join(directory, "ecr-autopilot.cjs");
  policy = join(directory, "policy.yaml");
  [test] = await Promise.all([startTestAccount({ everything: true }), bundleCli(bin), writeFile(policy, POLICY)]);
  const { accessKeyId, secretAccessKey } = test.account.user("operator");
  const file = join(directory, "credentials");
  await writeFile(
    file,
    `[platform]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\nregion = ${test.account.region}\n`,
  );
  environment = {
    AWS_ENDPOINT_URL: test.account.endpoints.aws,
    AWS_SHARED_CREDENTIALS_FILE: file,
    AWS_CONFIG_FILE: file,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCESS_KEY_ID: "",
    AWS_SECRET_ACCESS_KEY: "",
    AWS_PROFILE: "platform",
    AWS_REGION: "",
    ECR_AUTOPILOT_ENDPOINT: "",
  };
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

/** Words as in a shell, of which none has a space. */
function cli(words: string, env: Record<string, string> = {}): Promise<CommandResult> {
  return run(process.execPath, [bin, ...words.split(" ")], { ...environment, ...env });
}

function rest(words: string, env: Record<string, string> = {}): Promise<CommandResult> {
  const ECR_AUTOPILOT_ENDPOINT = `${test.account.endpoints.apiGateway}/v1`;
  return cli(words, { AWS_REGION: test.account.region, ECR_AUTOPILOT_ENDPOINT, ...env });
}

function direct(words: string, env: Record<string, string> = {}): Promise<CommandResult> {
  return cli(`${words} --policy ${policy}`, env);
}

/** What a machine reads: JSON alone, and nothing beside it. */
async function json(answer: Promise<CommandResult>, code = 0): Promise<unknown> {
  const { stdout, stderr, ...ended } = await answer;
  expect({ ...ended, stderr }).toEqual({ code, stderr: "" });
  return JSON.parse(stdout);
}

describe("through the API", () => {
  it("ensures, and tells in one line which rule refuses", async () => {
    const [created, refused] = await Promise.all([
      json(rest("ensure team-a/api --json")),
      rest("ensure team-a/tmp-x --json"),
    ]);
    const again = await rest("ensure team-a/api");

    expect(created).toMatchObject({ repository: "team-a/api", created: true, template: "team-a", differences: [] });
    expect(refused.code).toBe(3);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "name-refused", rule: "deny" } });
    expect(refused.stderr).toMatch(/^error: .*tmp-x.* \(name-refused, rule deny, request \S+\)\n$/);
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^team-a\/api is at its standard \(template team-a\)\n {2}push to \S+\/team-a\/api\n$/,
      ),
    });
  });

  it("asks for work, and tells where it stands", async () => {
    await push(smallImage(), await targetFor(test, "team-a/api", "v1.0.0"));
    await test.account.idle();

    const [status, state, list, plan, mirror, backfill, all] = await Promise.all([
      rest("status team-a/api"),
      json(rest("status team-a/api:v1.0.0 --json")),
      rest("status --filter mirrored"),
      json(rest("plan standards --json --exit-code")),
      rest("mirror team-a/api:v1.0.0"),
      json(rest("backfill team-a/api --json")),
      json(rest("backfill --json")),
    ]);
    await test.account.idle();
    const [sweep, page, pages, everything] = await Promise.all([
      rest("apply standards"),
      json(rest("catalog team-a-api --json")),
      rest("catalog --plan"),
      json(rest("plan --json")),
    ]);
    await test.account.idle();

    expect(status.stdout).toMatch(
      /^team-a\/api\n {2}uri {9}\S+\n {2}standard {4}template team-a, mutability: enforce\n/,
    );
    expect(status.stdout).toMatch(
      /\nTAG +STATE +DIGEST +DESTINATION\nv1\.0\.0 +mirrored +sha256:[0-9a-f]{12}… +team-a-api\n$/,
    );
    expect(state).toMatchObject({ exists: true, states: [{ tag: "v1.0.0", state: "mirrored" }] });
    expect(list.stdout).toBe("REPOSITORY  STANDARD  TEMPLATE  MIRRORED\nteam-a/api  governed  team-a    yes\n");
    expect(plan).toMatchObject({ of: "standards", repositories: [], counts: { repositories: 1 } });
    expect(mirror.stdout).toBe(
      "team-a/api:v1.0.0 was asked of the mirror; ecr-autopilot status team-a/api:v1.0.0 tells of it\n",
    );
    expect([backfill, all]).toEqual([
      { requested: { repository: "team-a/api" }, images: [] },
      { requested: "everything" },
    ]);
    expect(sweep.stdout).toBe("standards: a sweep was asked for\n");
    expect(page).toMatchObject({ repository: "team-a-api", outcome: "conforms" });
    expect(pages).toMatchObject({ code: 0, stdout: "Nothing differs.\n" });
    expect(everything).toMatchObject({ plans: [{ of: "standards" }, { of: "mirrors" }, { of: "catalog" }] });
  });

  it("shows what was given up, and sends it back", async () => {
    const endpoint = test.account.endpoints.aws;
    const credentials = test.account.user("operator");
    const sqs = new SQSClient({ endpoint, region: test.account.region, credentials, useQueueUrlAsEndpoint: false });
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: "EcrAutopilot-MirrorImage" }));
    const QueueUrl = QueueUrls.find((url) => url.includes("DeadLetters"));
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: sampleText("image-pushed") }));
    sqs.destroy();

    const shown = await cli("dead-letters --stack EcrAutopilot");
    const listed = await json(rest("dead-letters --json"));
    const replayed = await rest(`dead-letters --replay ${sent.MessageId}`);
    await test.account.idle();
    const [unknown, all] = await Promise.all([
      rest("dead-letters --replay no-such-id"),
      json(cli("dead-letters --replay-all --stack EcrAutopilot --json")),
    ]);

    expect(shown.stdout).toMatch(/^ID +FUNCTION +KIND +REPOSITORY +SENT\n/);
    expect(shown.stdout).toContain(`${sent.MessageId}  mirror-image  ECR Image Action  `);
    expect(listed).toMatchObject({ deadLetters: [{ id: sent.MessageId, function: "mirror-image" }], more: false });
    expect(replayed.stdout).toBe(`${sent.MessageId} was sent back to mirror-image\n`);
    expect(unknown).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("dead-letter-unknown") });
    expect(all).toMatchObject({
      tasks: expect.arrayContaining([{ function: "mirror-image", task: "started" }]),
    });
  });
});

describe("with the caller's own credentials", () => {
  it("plans, and writes what it has planned", async () => {
    await createUnseen(test, "fill/old");
    const before = await direct("plan standards --exit-code");
    const applied = await direct("apply standards");
    const [after, drifted, ensured, refused] = await Promise.all([
      json(direct("plan standards --exit-code --json")),
      json(direct("status --filter drifted --json")),
      json(direct("ensure fill/new --json")),
      direct("ensure fill/tmp-1"),
    ]);

    expect(before).toEqual({
      code: 4,
      stdout: "REPOSITORY  ACTION  WHAT\nfill/old    write   mutability is MUTABLE, wanted IMMUTABLE\n",
      stderr: "",
    });
    expect(applied).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^standards: repositories \d+, .*putBack 1/),
      stderr: expect.stringMatching(/^drift-put-back {2}fill\/old {2}mutability is MUTABLE, wanted IMMUTABLE\n$/),
    });
    expect([after, drifted]).toMatchObject([{ repositories: [] }, { repositories: [] }]);
    expect(ensured).toMatchObject({ repository: "fill/new", created: true, template: "fill" });
    expect(refused).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining("(name-refused, rule deny)"),
    });
  });

  it("copies images through this machine, and shows how far it is", async () => {
    const [first, second] = [newImage(), newImage()];
    await pushUnseen(test, "fill/api", [first, "v1"], [second, "v2"], [newImage(), "dev"]);

    const planned = await direct("plan mirrors");
    const mirrored = await json(direct("mirror fill/api:v1 --json"));
    const filled = await direct("backfill fill/api");
    const [states, left, nothing, deletions, unselected, page] = await Promise.all([
      json(direct("status fill/api --json")),
      direct("backfill"),
      json(direct("plan mirrors --json")),
      direct("plan deletions"),
      direct("mirror fill/api:dev"),
      direct("catalog fill-api"),
    ]);

    expect(planned.stdout).toMatch(
      /^REPOSITORY +ACTION +WHAT\nfill\/api +publish +\S*fill-api:v1\nfill\/api +publish +\S*fill-api:v2\n$/,
    );
    expect(mirrored).toMatchObject({ outcomes: [{ outcome: "mirrored", destination: "fill-api", tags: ["v1"] }] });
    expect(filled.code).toBe(0);
    expect(filled.stdout).toMatch(
      /\nfill\/api@sha256:[0-9a-f]{12}… \(v2\) +mirrored +fill-api +2 layers \(.* B\) copied\n$/,
    );
    expect(filled.stderr).toMatch(
      /^1 of 1: fill\/api@sha256:\S+: 2 layers, \S+ B to copy\n(.*\n)*.*100 % .* layer 2 of 2\n$/,
    );
    expect(await published(test, "fill-api")).toEqual({ v1: first.digest, v2: second.digest });
    expect(states).toMatchObject({
      mirror: { states: [{ tag: "dev", state: "not-selected" }, { tag: "v1", state: "mirrored" }, { tag: "v2" }] },
    });
    expect([left.stdout, deletions.stdout]).toEqual(["Nothing is missing.\n", "Nothing differs.\n"]);
    expect(nothing).toMatchObject({ of: "mirrors", mirrors: [] });
    expect(unselected).toMatchObject({ code: 3, stderr: expect.stringContaining("not-selected") });
    expect(page.stdout).toMatch(/^PAGE +OUTCOME +WHAT\nfill-api +updated +description, /);
  });
});

describe("what cannot be done", () => {
  it("ends with the exit code that says why, and with a line", async () => {
    const results = await Promise.all([
      cli("status"),
      cli("status --endpoint https://api.example.com --policy x.yaml"),
      cli("status --colour"),
      direct("status --region eu-west-1", { AWS_PROFILE: "nobody" }),
      rest("status", { AWS_PROFILE: "", AWS_ACCESS_KEY_ID: "AKIAUNKNOWN", AWS_SECRET_ACCESS_KEY: "wrong" }),
      direct("status", { AWS_ENDPOINT_URL: "http://127.0.0.1:9" }),
    ]);

    expect(results.map(({ code }) => code)).toEqual([2, 2, 2, 5, 5, 6]);
    for (const { stdout, stderr } of results) {
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^error: .+\n(\(--help tells more\)\n)?$/);
    }
  });

  it("is seen in a policy file before it is deployed, by line and column", async () => {
    const [good, schema] = await Promise.all([cli(`policy check ${policy}`), cli("policy schema")]);
    await writeFile(policy, POLICY.replace("IMMUTABLE", "IMUTABLE").replace("naming", "nameing"));
    const bad = await cli(`policy check ${policy}`);

    expect(good).toEqual({ code: 0, stdout: `${policy} is valid: 1 template, 1 mirror rule, 1 page\n`, stderr: "" });
    expect(JSON.parse(schema.stdout)).toMatchObject({ type: "object", properties: { templates: {} } });
    expect(bad.code).toBe(3);
    expect(bad.stdout.split("\n").map((line) => line.replace(policy, ""))).toEqual([
      expect.stringMatching(/^:2:1 {2}policy: .*naming/),
      expect.stringMatching(/^:6:25 {2}templates\[0\]\.mutability\.mode: /),
      "",
    ]);
  });
});
