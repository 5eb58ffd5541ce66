/**
 * The policy's schema, written once: types, error messages and the JSON Schema for editors come out of it. Used when a policy is built;
 * run-time files import its types only.
 */
import * as z from "zod";
import { catalogSchema } from "./schema/catalog.ts";
import { limitsSchema } from "./schema/limits.ts";
import { mirrorSchema } from "./schema/mirror.ts";
import { mutabilitySchema } from "./schema/mutability.ts";
import { namingSchema } from "./schema/naming.ts";
import { regionSchema } from "./schema/region.ts";
import { listRule, type Report, strictObject } from "./schema/strict-object.ts";
import { templateSchema } from "./schema/template.ts";

export const policySchema = strictObject({
  version: z.literal(1).meta({ description: "Version of the policy's language.", examples: [1] }),
  naming: namingSchema
    .default(() => ({ allow: ["**"], deny: [] }))
    .meta({
      description: "Which names repositories may have; existing ones that break a rule are listed, never touched.",
    }),
  mutability: mutabilitySchema
    .default(() => ({ enforcement: "enforce" as const, exceptions: [] }))
    .meta({ description: "What becomes of a tag mutability that differs from its template." }),
  templates: z.array(templateSchema).check(listRule(checkPrefixes)).default([]).meta({
    description:
      "How repositories must be. The longest prefix wins, ROOT comes last; a setting that is not given is not governed.",
  }),
  mirror: mirrorSchema
    .default([])
    .meta({ description: "What is published to ECR Public; nothing that is not named here." }),
  publicRegion: regionSchema
    .meta({
      description:
        "Of stacks in several Regions with this policy, the one that looks after the public side: retention, deletions and gallery pages. The others publish. Without it each looks after what it has published, which is right for one.",
      examples: ["eu-west-1"],
    })
    .exactOptional(),
  catalog: catalogSchema
    .default(() => ({ repositories: [] }))
    .meta({ description: "What the pages of the public gallery say, beside what the images say of themselves." }),
  limits: limitsSchema
    .default(() => ({ sweepCallsPerSecond: 50 }))
    .meta({ description: "How much of the account's rates this project may use." }),
}).meta({ title: "ecr-autopilot policy" });

/** The compiled form: plain JSON data, defaults filled in, policy documents as canonical JSON text, prefixes without a "/" at the end. */
export type Policy = z.output<typeof policySchema>;
export type Template = Policy["templates"][number];
export type MirrorRule = Policy["mirror"][number];
export type Mutability = NonNullable<Template["mutability"]>;
export type Encryption = NonNullable<Template["encryption"]>;

function checkPrefixes(elements: readonly unknown[], report: Report): void {
  const prefixes = (elements as ({ prefix?: unknown } | null)[]).map((element) => element?.prefix);
  prefixes.forEach((prefix, index) => {
    const before = prefixes.indexOf(prefix);
    if (typeof prefix !== "string" || before === index) return;
    report(
      [index, "prefix"],
      `${JSON.stringify(prefix)} is also the prefix of templates[${before}]; write one template for it`,
    );
  });
}
