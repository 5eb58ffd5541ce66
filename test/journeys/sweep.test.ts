import {
  DescribeRepositoriesCommand,
  ECRClient,
  GetRepositoryPolicyCommand,
  PutImageTagMutabilityCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
} from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalAccount } from "../../local/account.ts";
import { parseFault } from "../../local/faults/parse-fault.ts";
import { readStandards } from "../../local/tour/standards.ts";
import { startTestAccount } from "../support/account.ts";
import { type Assemblies, examplePolicy, setTimeoutSeconds, testAssemblies } from "../support/policies.ts";
import { createUnseen, sweep, withoutGrant } from "./sweeping.ts";

const POLICY = `version: 1
naming:
  deny: ["**/tmp-*"]
templates:
  - prefix: ROOT
    mutability: { mode: IMMUTABLE_WITH_EXCLUSION, exclude: ["dev-*"] }
    scanOnPush: true
`;

let assemblies: Assemblies;
let assemblyDir: string;
beforeAll(async () => {
  assemblies = await testAssemblies();
  assemblyDir = await assemblies.of(POLICY);
});
afterAll(() => assemblies[Symbol.asyncDispose]());

describe("a sweep", () => {
  it("puts back what drifted while no event came, setting by setting, and writes nothing the second time", async () => {
    await using test = await startTestAccount({ assemblyDir });
    const settings = {
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "dev-*" }],
      imageScanningConfiguration: { scanOnPush: true },
    };
    await createUnseen(test, "a/conforms", settings);
    await createUnseen(test, "a/mutable", {
      ...settings,
      imageTagMutability: "MUTABLE",
      imageTagMutabilityExclusionFilters: undefined,
    });
    await createUnseen(test, "a/unscanned", { ...settings, imageScanningConfiguration: { scanOnPush: false } });

    const first = await sweep(test);
    const second = await sweep(test);

    expect(first.writes).toEqual([
      ["ecr:PutImageTagMutability", "a/mutable"],
      ["ecr:PutImageScanningConfiguration", "a/unscanned"],
    ]);
    expect(first.decisions).toEqual(
      expect.arrayContaining([
        ["drift-put-back", "a/mutable"],
        ["drift-put-back", "a/unscanned"],
      ]),
    );
    expect(first.counts).toMatchObject({ repositories: 3, conforming: 1, putBack: 2, failed: 0 });
    expect(second.writes).toEqual([]);
    expect(second.counts).toMatchObject({ repositories: 3, conforming: 3, putBack: 0 });
  });

  it("brings everything that the template governs to a repository that nobody looked after", async () => {
    await using test = await startTestAccount();
    await createUnseen(test, "team-a/old");

    await sweep(test);

    expect(await readStandards(test.ecr, "team-a/old")).toMatchObject({ missing: [] });
  });

  it("heals one that was left half-configured, and writes nothing where a policy only looks different", async () => {
    await using test = await startTestAccount();
    await createUnseen(test, "team-a/half", { imageScanningConfiguration: { scanOnPush: true } });
    const { repositories } = await test.ecr.send(new DescribeRepositoriesCommand({}));
    await test.ecr.send(
      new TagResourceCommand({ resourceArn: repositories?.[0]?.repositoryArn, tags: [{ Key: "team", Value: "a" }] }),
    );
    // The policy of policies/example.yaml by somebody else's hand: other order, other case, a list of one and one without its list, spaces.
    const byHand = `{ "Statement": { "Action": ["ECR:GetDownloadUrlForLayer", "ecr:BatchGetImage",   "ecr:BatchCheckLayerAvailability"],
      "Principal": { "AWS": ["arn:aws:iam::111122223333:role/ci"] }, "Effect": "Allow", "Sid": "PullByContinuousIntegration" }, "Version": "2012-10-17" }`;
    await test.ecr.send(new SetRepositoryPolicyCommand({ repositoryName: "team-a/half", policyText: byHand }));
    const kept = async () =>
      (await test.ecr.send(new GetRepositoryPolicyCommand({ repositoryName: "team-a/half" }))).policyText;
    const before = await kept();

    const first = await sweep(test);
    const second = await sweep(test);

    expect(first.writes).toEqual([
      ["ecr:PutImageTagMutability", "team-a/half"],
      ["ecr:PutLifecyclePolicy", "team-a/half"],
      ["ecr:TagResource", undefined],
    ]);
    expect(first.counts).toMatchObject({
      putBack: 1,
      failed: 0,
      writes: { mutability: 1, lifecyclePolicy: 1, tags: 1 },
    });
    expect(await readStandards(test.ecr, "team-a/half")).toMatchObject({ missing: [] });
    expect(await kept()).toBe(before);
    expect(second.writes).toEqual([]);
    expect(second.counts).toMatchObject({ repositories: 1, conforming: 1, putBack: 0 });
  });

  it("tells a denied reading as such, and does not take it for a policy that is missing", async () => {
    const assemblyDir = await assemblies.of(await examplePolicy());
    await withoutGrant(assemblyDir, "ReconcileRepositories", "ecr:GetLifecyclePolicy");
    // Not a test account: what it lacks on purpose is no gap of the stack.
    const account = await startLocalAccount({ assemblyDir, port: 0 });
    await using _account = { [Symbol.asyncDispose]: () => account.close() };
    const { accessKeyId, secretAccessKey } = account.user("ci");
    const ecr = new ECRClient({
      endpoint: account.endpoints.aws,
      region: account.region,
      credentials: { accessKeyId, secretAccessKey },
    });
    await createUnseen({ account, ecr }, "team-a/web");

    const { writes, counts } = await sweep({ account });
    ecr.destroy();

    // The refused call itself, and no other.
    expect(writes).toEqual([["ecr:GetLifecyclePolicy", "team-a/web"]]);
    expect(counts).toMatchObject({ repositories: 1, failed: 1, gone: 0, putBack: 0 });
    const failed = account.timeline.after(0).find(({ what }) => what === "repository-failed");
    expect(failed).toMatchObject({
      repository: "team-a/web",
      text: expect.stringContaining("could not read the lifecycle policy of 'team-a/web': AccessDeniedException"),
      facts: { code: "ecr-denied" },
    });
  });

  it("tells each drift and its own end as events of this project", async () => {
    await using test = await startTestAccount({ assemblyDir });
    await createUnseen(test, "a/mutable");

    const { events } = await sweep(test);

    expect(events).toMatchObject([
      {
        source: "ecr-autopilot",
        "detail-type": "Drift Put Back",
        detail: {
          version: 1,
          function: "reconcile-repositories",
          repository: "a/mutable",
          settings: ["mutability", "scanOnPush"],
        },
      },
      {
        "detail-type": "Sweep Finished",
        detail: {
          repositories: 1,
          putBack: 1,
          writes: { mutability: 1, scanOnPush: 1 },
          flaggedBy: { "Security Hub ECR.2": 1 },
        },
      },
    ]);
  });

  it("lists a repository whose name breaks a rule, and does not touch it", async () => {
    await using test = await startTestAccount({ assemblyDir });
    await createUnseen(test, "a/tmp-x");

    const { decisions, writes, counts } = await sweep(test);

    expect(decisions).toContainEqual(["repository-misnamed", "a/tmp-x"]);
    expect(writes).toEqual([]);
    expect(counts).toMatchObject({ misnamed: 1, putBack: 0 });
  });

  it("goes on past one setting that cannot be written, and says of which repository and why", async () => {
    await using test = await startTestAccount({ assemblyDir });
    for (const name of ["a/bad", "a/good"]) await createUnseen(test, name);
    test.account.faults.add(parseFault("ecr:PutImageTagMutability@a/bad=server-error"));

    const { counts, decisions } = await sweep(test);

    expect(decisions).toEqual(
      expect.arrayContaining([
        ["repository-failed", "a/bad"],
        ["drift-put-back", "a/bad"],
        ["drift-put-back", "a/good"],
      ]),
    );
    expect(counts).toMatchObject({ failed: 1, putBack: 2, writes: { mutability: 1, scanOnPush: 2 } });
  });

  it("takes a repository that is deleted between the read and the write for gone, which is no failure", async () => {
    await using test = await startTestAccount();
    await createUnseen(test, "team-a/going");
    const stop = test.account.timeline.onEntry(({ what }) => {
      // Between its first write and the next: the function has read it already.
      if (what === "ecr:PutImageTagMutability")
        void test.account.context.store.private.deleteRepository("team-a/going", { force: true });
    });

    const { counts, decisions } = await sweep(test);
    stop();

    expect(counts).toMatchObject({ gone: 1, failed: 0, putBack: 0 });
    expect(decisions.map(([what]) => what)).not.toContain("drift-put-back");
  });

  it("goes on in another invocation when the time of one runs short", async () => {
    const assemblyDir = await assemblies.of(`version: 1
templates:
  - prefix: ROOT
    mutability: { mode: IMMUTABLE }
    tags: { team: a }
`);
    await setTimeoutSeconds(assemblyDir, "ReconcileRepositories", 5);
    await using test = await startTestAccount({ assemblyDir });
    for (let index = 0; index < 120; index++) {
      await createUnseen(test, `a/r${index}`, { imageTagMutability: "IMMUTABLE", tags: [{ Key: "team", Value: "a" }] });
    }
    await test.ecr.send(new PutImageTagMutabilityCommand({ repositoryName: "a/r119", imageTagMutability: "MUTABLE" }));
    await test.account.idle();

    const { counts, decisions } = await sweep(test);

    expect(decisions.map(([what]) => what)).toContain("sweep-continues");
    expect(counts).toMatchObject({ repositories: 120, failed: 0 });
  });
});
