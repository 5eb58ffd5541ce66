/** An account as it looks after a day of work, for tests in a browser. */

import { defaultSettings, newRecord } from "../../local/ecr/settings.ts";
import { newRecord as newPublicRecord } from "../../local/ecr-public/settings.ts";
import { picture } from "./picture.ts";
import { putImage, smallImage } from "./put-image.ts";
import type { TestGallery } from "./start-gallery.ts";

const role = (construct: string) =>
  `arn:aws:sts::123456789012:assumed-role/EcrAutopilot-${construct}RoleDA6A94FD-3YJRMGSUHZD7/EcrAutopilot-${construct}Function29A1BF24-UMEYCZSVLF4J`;
const user = (name: string) => `arn:aws:iam::123456789012:user/${name}`;

const lifecycle = {
  rules: [
    {
      rulePriority: 1,
      description: "Keep the 20 newest development images",
      selection: { tagStatus: "tagged", tagPatternList: ["dev-*"], countType: "imageCountMoreThan", countNumber: 20 },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: "Drop what has lost its tag after two weeks",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
      action: { type: "expire" },
    },
  ],
};
const policy = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "PullByContinuousIntegration",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111122223333:role/ci" },
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    },
  ],
};

const about = `# Web front end of team A

Serves the pages of the shop over HTTP/2. Runs without root, with a read-only file system, on **x86-64** and **ARM 64**.

![Build status](https://ci.example.com/team-a/web/badge.svg) Source: https://git.example.com/team-a/web

| Setting | Default | Meaning |
|---|:---:|---|
| \`PORT\` | 8080 | where it listens |
| \`BACKEND_URL\` | none | address of the [API](https://docs.example.com/api) |

## Support

> Releases are kept for a year; the newest two get security fixes.

1. Look into the [questions that were asked before](https://docs.example.com/faq).
2. Write to <team-a@example.com>.
`;
const usage = `## Run it

\`\`\`sh
docker run --rm --read-only -p 8080:8080 -e BACKEND_URL=https://api.example.com public.ecr.aws/d3m0acct/team-a-web:v1.4.0
\`\`\`

Then open \`http://localhost:8080\`.
`;

/** Four private repositories, two of them published, with images of about `layerBytes`, and the timeline that led to it. */
export async function fillAccount(test: TestGallery, { layerBytes = 2000 } = {}): Promise<void> {
  const { store, account, tell, pass } = test;
  const standard = {
    imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
    exclusionFilters: [{ filterType: "WILDCARD", filter: "dev-*" }],
    scanOnPush: true,
    encryption: { encryptionType: "AES256" },
    tags: [
      { Key: "managed-by", Value: "ecr-autopilot" },
      { Key: "team", Value: "a" },
    ],
    lifecyclePolicyText: JSON.stringify(lifecycle),
    policyText: JSON.stringify(policy),
  } as const;
  const kms = {
    encryptionType: "KMS",
    kmsKey: "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  } as const;
  const records = [
    newRecord("team-a/web", account.clock(), standard),
    newRecord("team-a/api", account.clock(), { ...standard, encryption: kms }),
    newRecord("team-b/batch/nightly-export-of-everything", account.clock(), defaultSettings),
    newRecord("legacy-import", account.clock(), { ...defaultSettings, imageTagMutability: "IMMUTABLE" }),
  ];
  for (const record of records) await store.private.createRepository(record);
  const logo = picture(240, [0x0b, 0x6b, 0x72]).toString("base64");
  await store.public.createRepository(
    newPublicRecord("team-a-web", account.clock(), {
      tags: [],
      catalogData: {
        description: "The web front end of team A: pages of the shop over HTTP/2, without root, for two platforms.",
        architectures: ["x86-64", "ARM 64", "riscv64"],
        operatingSystems: ["Linux"],
        aboutText: about,
        usageText: usage,
        logo,
      },
    }),
  );
  await store.public.createRepository(newPublicRecord("team-a-api", account.clock(), { tags: [] }));

  const web = smallImage(layerBytes);
  await putImage(store.private, "team-a/web", web, ["v1.4.0", "v1.4"]);
  pass(60_000);
  await putImage(store.private, "team-a/web", smallImage(layerBytes), ["dev-login-form"]);
  await putImage(store.private, "team-a/api", smallImage(layerBytes), ["v2.0.0-rc.1"]);
  await putImage(store.private, "team-b/batch/nightly-export-of-everything", smallImage(layerBytes), ["latest"]);
  pass(60_000);
  const { digest } = await putImage(store.public, "team-a-web", web, ["v1.4.0", "v1.4"]);

  const at = { repository: "team-a/web" };
  tell({ kind: "event", who: "aws.cloudformation", what: "CloudFormation Stack Status Change" });
  tell({
    kind: "call",
    who: role("ReconcileRepositories"),
    what: "ecr:CreateRepositoryCreationTemplate",
    facts: { prefix: "team-a", imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" },
  });
  tell({
    kind: "call",
    who: "arn:aws:iam::123456789012:role/aws-service-role/ecr.amazonaws.com/AWSServiceRoleForECRTemplate",
    what: "ecr:CreateRepository",
    ...at,
    facts: { imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" },
  });
  tell({ kind: "call", who: user("ci"), what: "ecr:CompleteLayerUpload", ...at });
  pass(1000);
  tell({
    kind: "call",
    who: user("ci"),
    what: "ecr:PutImage",
    ...at,
    facts: { imageTag: "v1.4.0", imageDigest: digest },
  });
  tell({
    kind: "event",
    who: "aws.ecr",
    what: "ECR Image Action",
    ...at,
    text: "ECR Image Action PUSH",
    facts: { tag: "v1.4.0", digest },
  });
  tell({
    kind: "decision",
    who: "create-repository",
    what: "repository-brought-to-standard",
    ...at,
    text: "team-a/web: repository brought to standard: scan on push is off, wanted on",
  });
  tell({
    kind: "call",
    who: role("MirrorImage"),
    what: "ecr-public:PutImage",
    repository: "team-a-web",
    facts: { imageTag: "v1.4.0", imageDigest: digest },
  });
  tell({
    kind: "decision",
    who: "mirror-image",
    what: "image-mirrored",
    ...at,
    text: "team-a/web: image mirrored",
    facts: { tag: "v1.4.0", destination: "team-a-web", digest },
  });
  pass(1000);
  tell({
    kind: "call",
    who: user("alice"),
    what: "ecr:PutImageTagMutability",
    ...at,
    facts: { imageTagMutability: "MUTABLE" },
  });
  tell({
    kind: "decision",
    who: "enforce-mutability",
    what: "drift-put-back",
    ...at,
    text: "team-a/web: drift put back: mutability is MUTABLE, wanted IMMUTABLE except dev-*",
    facts: { changedBy: user("alice") },
  });
  tell({
    kind: "decision",
    who: "create-repository",
    what: "repository-conforms",
    ...at,
    text: "team-a/web: repository conforms",
  });
  pass(1000);
  tell({
    kind: "call",
    who: user("bob"),
    what: "ecr:PutImage",
    ...at,
    text: "The image tag 'v1.4.0' already exists in the 'team-a/web' repository and cannot be overwritten because the tag is immutable.",
    facts: { error: "ImageTagAlreadyExistsException", imageTag: "v1.4.0" },
  });
  tell({
    kind: "decision",
    who: "create-repository",
    what: "repository-refused",
    repository: "scratch/try",
    text: "scratch/try: repository refused: no template of the policy covers the name 'scratch/try'",
    facts: { level: "WARN" },
  });
  pass(1000);
  tell({
    kind: "decision",
    who: "reconcile-repositories",
    what: "repository-misnamed",
    repository: "team-b/batch/nightly-export-of-everything",
    text: "team-b/batch/nightly-export-of-everything: repository misnamed: the name matches '**/nightly-*', which the policy denies",
    facts: { level: "WARN" },
  });
  tell({
    kind: "decision",
    who: "reconcile-repositories",
    what: "sweep-finished",
    text: "sweep finished",
    facts: { repositories: 3, conforming: 1, putBack: 1, misnamed: 1, failed: 0 },
  });
  tell({
    kind: "event",
    who: "ecr-autopilot",
    what: "Sweep Finished",
    text: "Sweep Finished: 3 repositories, 1 conforming, 1 put back, 1 misnamed",
  });
  tell({
    kind: "failure",
    who: "mirror-image",
    what: "registry-unavailable",
    repository: "team-a/api",
    text: "PUT http://127.0.0.1:4512/v2/d3m0acct/team-a-api/manifests/v2.0.0 answered 503 three times",
  });
}
