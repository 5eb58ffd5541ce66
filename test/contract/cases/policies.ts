import { expect } from "vitest";
import { type ContractCase, onBoth } from "../../support/contract-case.ts";
import { expectRefusal, texts } from "../../support/contract-refusals.ts";

const lifecyclePolicy = {
  rules: [
    {
      rulePriority: 1,
      description: "old ones",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
      action: { type: "expire" },
    },
  ],
};
const [rule] = lifecyclePolicy.rules;
const lifecycle = (...rules: unknown[]) => JSON.stringify({ rules }, null, 2);
const selecting = (selection: object) => ({ ...rule, selection: { ...rule?.selection, ...selection } });
const refusedLifecycles: readonly (readonly [string, string, string?])[] = [
  ["one that is not JSON", "x".repeat(100)],
  ["one of less than 100 characters", '{"rules":[]}'],
  ["no rule", JSON.stringify({ rules: [] }).padEnd(100)],
  ["the same priority twice", lifecycle(rule, { ...selecting({ tagStatus: "any" }) })],
  [
    "tagged images without tags",
    lifecycle(selecting({ tagStatus: "tagged" })),
    "Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.",
  ],
  ["untagged images with tags", lifecycle(selecting({ tagPrefixList: ["v"] }))],
  [
    "a rule for any image before others",
    lifecycle(selecting({ tagStatus: "any" }), { ...rule, rulePriority: 2 }),
    "Rule for tagStatus=ANY must have the lowest priority per storage class",
  ],
  ["an age without a unit", lifecycle(selecting({ countUnit: undefined }))],
  ["a count of 0", lifecycle(selecting({ countNumber: 0 }))],
];

/** ECR's printer may place white space and the order of members as it likes. */
const parsed = (text: string | undefined): unknown => JSON.parse(text ?? "");

const policyFor = (registryId: string, action: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "OwnAccount",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${registryId}:root` },
      Action: [action],
    },
  ],
});

/** Lifecycle policies, and access policies of repositories. */
export const cases: readonly ContractCase[] = [
  {
    name: "keeps a lifecycle policy until it is deleted",
    on: "private",
    async run(context) {
      const repository = await context.repository("private");
      const { name: repositoryName, registryId } = repository;
      const missing = texts.lifecyclePolicyUnknown(repository);
      await expectRefusal(
        context.ecr.getLifecyclePolicy({ repositoryName }),
        "LifecyclePolicyNotFoundException",
        missing,
      );

      const lifecyclePolicyText = lifecycle(rule);
      const put = await context.ecr.putLifecyclePolicy({ repositoryName, lifecyclePolicyText });
      expect(put).toMatchObject({ registryId, repositoryName });
      expect(parsed((await context.ecr.getLifecyclePolicy({ repositoryName })).lifecyclePolicyText)).toEqual(
        lifecyclePolicy,
      );

      const deleted = await context.ecr.deleteLifecyclePolicy({ repositoryName });
      expect(parsed(deleted.lifecyclePolicyText)).toEqual(lifecyclePolicy);
      await expectRefusal(
        context.ecr.deleteLifecyclePolicy({ repositoryName }),
        "LifecyclePolicyNotFoundException",
        missing,
      );
    },
  },
  ...refusedLifecycles.map(
    ([what, lifecyclePolicyText, reason]): ContractCase => ({
      name: `refuses a lifecycle policy with ${what}`,
      on: "private",
      async run(context) {
        const { name: repositoryName } = await context.repository("private");
        await expectRefusal(
          context.ecr.putLifecyclePolicy({ repositoryName, lifecyclePolicyText }),
          "InvalidParameterException",
          reason && texts.invalid("LifecyclePolicyText", `Lifecycle policy validation failure: ${reason}`),
        );
        await expectRefusal(context.ecr.getLifecyclePolicy({ repositoryName }), "LifecyclePolicyNotFoundException");
      },
    }),
  ),
  ...onBoth("keeps an access policy until it is deleted", async (context, side) => {
    const repository = await context.repository(side);
    const { name: repositoryName, registryId, api } = repository;
    const missing = ["RepositoryPolicyNotFoundException", texts.repositoryPolicyUnknown(repository)] as const;
    await expectRefusal(api.getRepositoryPolicy({ repositoryName }), ...missing);

    const policy = policyFor(registryId, side === "private" ? "ecr:BatchGetImage" : "ecr-public:DescribeImages");
    const set = await api.setRepositoryPolicy({ repositoryName, policyText: JSON.stringify(policy) });
    expect(set).toMatchObject({ registryId, repositoryName });
    expect(parsed((await api.getRepositoryPolicy({ repositoryName })).policyText)).toMatchObject({
      Version: "2012-10-17",
      Statement: [{ Sid: "OwnAccount", Effect: "Allow", Principal: policy.Statement[0]?.Principal }],
    });

    const deleted = await api.deleteRepositoryPolicy({ repositoryName });
    expect(parsed(deleted.policyText)).toMatchObject({ Statement: [{ Sid: "OwnAccount" }] });
    await expectRefusal(api.deleteRepositoryPolicy({ repositoryName }), ...missing);
  }),
  ...onBoth("refuses an access policy that is none", async (context, side) => {
    const { name: repositoryName, api } = await context.repository(side);
    for (const policyText of ["{", "{}", JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow" }] })]) {
      await expectRefusal(
        api.setRepositoryPolicy({ repositoryName, policyText }),
        "InvalidParameterException",
        texts.invalid("PolicyText", "Invalid repository policy provided"),
      );
    }
    await expectRefusal(api.getRepositoryPolicy({ repositoryName }), "RepositoryPolicyNotFoundException");
  }),
  ...onBoth("refuses policies of a repository that is not there", async (context, side) => {
    const place = { name: context.newName(side), registryId: await context.registryId() };
    const missing = ["RepositoryNotFoundException", texts.repositoryUnknown(place)] as const;
    const policyText = JSON.stringify(policyFor(place.registryId, "ecr:BatchGetImage"));
    const { name: repositoryName } = place;
    await expectRefusal(context.api(side).getRepositoryPolicy({ repositoryName }), ...missing);
    await expectRefusal(context.api(side).setRepositoryPolicy({ repositoryName, policyText }), ...missing);
    if (side === "public") return;
    const lifecyclePolicyText = lifecycle(rule);
    await expectRefusal(context.ecr.getLifecyclePolicy({ repositoryName }), ...missing);
    await expectRefusal(context.ecr.putLifecyclePolicy({ repositoryName, lifecyclePolicyText }), ...missing);
  }),
];
