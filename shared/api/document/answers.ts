/**
 * What the REST API answers, for the OpenAPI document and for tests; nothing of it is bundled. Objects are open: a member may be added
 * without notice, and none is taken away.
 */
import * as z from "zod";
import { PROBLEMS } from "../problem.ts";

const settings = ["mutability", "scanOnPush", "lifecyclePolicy", "repositoryPolicy", "tags", "encryption"] as const;

const change = z.looseObject({
  setting: z.enum([...settings, "name"]),
  action: z.enum(["write", "set-at-creation", "report-only", "excepted", "misnamed"]),
  present: z.unknown().optional(),
  wanted: z.unknown().optional(),
  words: z.string(),
});

const written = z.looseObject({
  setting: z.enum(settings),
  present: z.unknown().optional(),
  wanted: z.unknown(),
  words: z.string(),
});

const standard = z.union([
  z.looseObject({
    outcome: z.literal("governed"),
    template: z.string().meta({ description: "Prefix of the template, or ROOT." }),
    mutability: z.enum(["enforce", "report", "excepted"]),
    exception: z.looseObject({ reason: z.string(), expires: z.string(), expired: z.boolean() }).optional(),
  }),
  z.looseObject({ outcome: z.literal("misnamed"), rule: z.string(), reason: z.string() }),
  z.looseObject({ outcome: z.literal("ungoverned"), reason: z.string() }),
]);

const uri = z.string().meta({ description: "To push to and to pull from, without a tag." });
const next = z
  .string()
  .optional()
  .meta({ description: "Where the answer goes on: give it back as next. Left out at the end." });

const listed = z.looseObject({
  repository: z.string(),
  uri,
  standard,
  mirrored: z.boolean().meta({ description: "Whether a mirror rule names it." }),
  differences: z.array(change).optional(),
});

const mirrorState = z.looseObject({
  state: z.enum(["mirrored", "pending", "blocked", "refused", "conflict", "not-selected", "archived", "only-public"]),
  tag: z.string().optional(),
  digest: z.string().optional(),
  destination: z.string().optional(),
  uri: z.string().optional(),
  published: z.string().optional().meta({ description: "The digest under the public tag now." }),
  gate: z.string().optional(),
  reason: z.string().optional(),
});

const deadLetter = z.looseObject({
  id: z.string(),
  function: z.string(),
  kind: z.string().optional(),
  repository: z.string().optional(),
  sentAt: z.iso.datetime().optional(),
  receives: z.int(),
});

const plan = z.looseObject({ of: z.enum(["standards", "mirrors", "deletions", "catalog"]), next });

export const ANSWERS = {
  ensured: z.looseObject({
    repository: z.string(),
    uri,
    arn: z.string(),
    created: z.boolean(),
    template: z.string(),
    changed: z.array(written),
    differences: z.array(change).meta({ description: "What differs still, and why it was not written." }),
  }),
  repositories: z.looseObject({ repositories: z.array(listed).max(100), next }),
  repository: listed.extend({
    arn: z.string(),
    mutability: z.looseObject({ mode: z.string(), exclude: z.array(z.string()) }),
    scanOnPush: z.boolean(),
    differences: z.array(change),
    mirror: z.looseObject({ states: z.array(mirrorState), next }),
  }),
  mirrorRequested: z.looseObject({
    requested: z.union([
      z.literal("everything"),
      z.looseObject({ repository: z.string(), tag: z.string().optional(), digest: z.string().optional() }),
    ]),
  }),
  mirrors: z.looseObject({ repository: z.string(), exists: z.boolean(), states: z.array(mirrorState), next }),
  plan,
  sweepRequested: z.looseObject({ requested: z.enum(["standards", "mirrors", "catalog"]) }),
  catalog: z.looseObject({ repository: z.string() }),
  deadLetters: z.looseObject({
    deadLetters: z.array(deadLetter).max(100),
    more: z.boolean().meta({ description: "Whether there are more than are shown." }),
  }),
  replayed: z.looseObject({ replayed: deadLetter }),
  replays: z.looseObject({
    tasks: z.array(z.looseObject({ function: z.string(), task: z.enum(["started", "running"]) })),
  }),
  policy: z.looseObject({ hash: z.string().regex(/^sha256:[0-9a-f]{64}$/), policy: z.looseObject({}) }),
  openApi: z.looseObject({ openapi: z.string() }),
  health: z.looseObject({
    healthy: z.boolean(),
    policyHash: z.string(),
    checks: z.array(z.looseObject({ name: z.string(), healthy: z.boolean(), code: z.string().optional() })),
  }),
} as const;

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  code: z.enum(Object.keys(PROBLEMS) as [keyof typeof PROBLEMS]),
  rule: z.string().optional().meta({ description: "The rule that refused." }),
  requestId: z.string(),
});
