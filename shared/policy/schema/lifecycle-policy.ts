import * as z from "zod";
import { canonicalJson } from "../canonical-json.ts";
import { listRule, objectRule, type Report, strictObject } from "./strict-object.ts";

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html and, for the lengths, the API model. */
const MOST_RULES = 50;
const LONGEST_TEXT = 30_720;
/** An archived image is kept, and paid for, this long: https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html */
const DAYS_IN_ARCHIVE = 90;

const selection = strictObject({
  tagStatus: z
    .enum(["tagged", "untagged", "any"])
    .meta({ description: "Which images the rule looks at, by their tags." }),
  tagPatternList: z
    .array(z.string().check(z.superRefine(checkPattern)))
    .min(1)
    .meta({ description: "With tagged: an image must match all of these; at most four * each.", examples: [["dev-*"]] })
    .exactOptional(),
  tagPrefixList: z
    .array(z.string().min(1))
    .min(1)
    .meta({ description: "With tagged: an image must have tags with all of these prefixes.", examples: [["dev-"]] })
    .exactOptional(),
  storageClass: z
    .enum(["standard", "archive"])
    .meta({ description: "archive with sinceImageTransitioned, standard (the default) with the others." })
    .exactOptional(),
  countType: z
    .enum(["imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"])
    .meta({ description: "What countNumber counts: images, or days since something happened." }),
  countUnit: z
    .literal("days")
    .meta({ description: "Required with the since… types, refused with imageCountMoreThan." })
    .exactOptional(),
  countNumber: z
    .int()
    .min(1)
    .meta({ description: "Images to keep, or days.", examples: [14] }),
}).check(objectRule(checkTags), objectRule(checkCount));

const action = strictObject({
  type: z.enum(["expire", "transition"]).meta({ description: "expire deletes, transition moves to the archive." }),
  targetStorageClass: z
    .literal("archive")
    .meta({ description: "Required with transition, refused with expire." })
    .exactOptional(),
}).check(
  objectRule((value, report) => {
    if (value.type === "transition" && value.targetStorageClass === undefined) {
      report(["targetStorageClass"], "is missing, and transition needs it; write `targetStorageClass: archive`");
    }
    if (value.type === "expire" && value.targetStorageClass !== undefined) {
      report(["targetStorageClass"], "is refused with expire; remove it, or write `type: transition` instead");
    }
  }),
);

const rule = strictObject({
  rulePriority: z
    .int()
    .min(1)
    .meta({ description: "Lowest first; unique.", examples: [1] }),
  description: z
    .string()
    .meta({ description: "What the rule is for.", examples: ["Drop what has lost its tag"] })
    .exactOptional(),
  selection: selection.meta({ description: "The images the rule acts on." }),
  action: action.meta({ description: "What happens to them." }),
}).check(objectRule(checkActionFits));

/** The structure that ECR checks in PutLifecyclePolicy; compiled to canonical JSON text. */
export const lifecyclePolicySchema = strictObject({
  rules: z
    .array(rule)
    .min(1, "is empty; write at least one rule, or leave lifecyclePolicy out")
    .max(MOST_RULES, `has more than ${MOST_RULES} rules, which is all that ECR takes; write fewer`)
    .check(listRule(checkPriorities))
    .meta({ description: `1 to ${MOST_RULES} rules.` }),
})
  .transform(canonicalJson)
  .check(
    z.superRefine((text, context) => {
      if (text.length <= LONGEST_TEXT) return;
      context.addIssue(
        `is ${text.length} characters long as JSON; ECR takes ${LONGEST_TEXT}; write fewer rules or shorter descriptions`,
      );
    }),
  );

function checkPattern(pattern: string, context: z.core.$RefinementCtx<string>): void {
  if (pattern === "") context.addIssue("is empty; write a tag pattern such as dev-*");
  if (pattern.split("*").length - 1 > 4) {
    context.addIssue(
      `${JSON.stringify(pattern)} has more than four *, which is all that ECR takes; write a simpler pattern`,
    );
  }
}

function checkTags(value: Readonly<Record<string, unknown>>, report: Report): void {
  const lists = ["tagPatternList", "tagPrefixList"].filter((key) => value[key] !== undefined);
  if (value.tagStatus === "tagged" && lists.length === 0) {
    report(
      [],
      'has tagStatus tagged and no tags; write `tagPatternList: ["dev-*"]` with your pattern, or tagPrefixList',
    );
  }
  if (value.tagStatus === "tagged" && lists.length === 2) {
    report(
      ["tagPrefixList"],
      "stands beside tagPatternList, and ECR takes one of them; write all of it as tagPatternList",
    );
  }
  if (value.tagStatus === "untagged" || value.tagStatus === "any") {
    for (const key of lists)
      report([key], `is refused with tagStatus ${value.tagStatus}; remove it, or write \`tagStatus: tagged\` instead`);
  }
}

function checkCount(value: Readonly<Record<string, unknown>>, report: Report): void {
  const { countType, countUnit, countNumber, storageClass } = value;
  if (typeof countType !== "string") return;
  if (countType === "imageCountMoreThan" && countUnit !== undefined) {
    report(["countUnit"], "is refused with imageCountMoreThan, which counts images; remove it");
  }
  if (countType.startsWith("since") && countUnit === undefined) {
    report(["countUnit"], `is missing, and ${countType} needs it; write \`countUnit: days\``);
  }
  if (countType === "sinceImageTransitioned" && storageClass !== "archive") {
    report(["storageClass"], "must be archive with sinceImageTransitioned; write `storageClass: archive` instead");
  }
  if (countType !== "sinceImageTransitioned" && storageClass === "archive") {
    report(
      ["storageClass"],
      `archive is refused with ${countType}; remove it, or write \`countType: sinceImageTransitioned\` instead`,
    );
  }
  if (countType === "sinceImageTransitioned" && typeof countNumber === "number" && countNumber < DAYS_IN_ARCHIVE) {
    report(
      ["countNumber"],
      `is ${countNumber}, and ECR keeps an archived image ${DAYS_IN_ARCHIVE} days at least; write ${DAYS_IN_ARCHIVE} or more instead`,
    );
  }
}

/** Images that were not pulled can only be archived, archived ones only be expired. Same page, "Count type". */
function checkActionFits(value: Readonly<Record<string, unknown>>, report: Report): void {
  const countType = (value.selection as Record<string, unknown> | undefined)?.countType;
  const type = (value.action as Record<string, unknown> | undefined)?.type;
  if (countType === "sinceImagePulled" && type === "expire") {
    report(
      ["action", "type"],
      "expire is refused with sinceImagePulled; write `type: transition` and `targetStorageClass: archive` instead",
    );
  }
  if (countType === "sinceImageTransitioned" && type === "transition") {
    report(
      ["action", "type"],
      "transition is refused with sinceImageTransitioned, whose images are in the archive; write `type: expire` instead",
    );
  }
}

/** Priorities are unique, and an `any` rule comes last among the rules for its storage class. */
function checkPriorities(elements: readonly unknown[], report: Report): void {
  const rules = (
    elements as ({ rulePriority?: unknown; selection?: { tagStatus?: unknown; storageClass?: unknown } } | null)[]
  ).map((element) => ({
    priority: Number(element?.rulePriority),
    any: element?.selection?.tagStatus === "any",
    storageClass: element?.selection?.storageClass ?? "standard",
  }));
  rules.forEach(({ priority, any, storageClass }, index) => {
    const before = rules.findIndex((other) => other.priority === priority);
    if (before < index && before >= 0) {
      report(
        [index, "rulePriority"],
        `${priority} is also the priority of rules[${before}]; write a number that no other rule has`,
      );
    }
    const later = any
      ? rules.find((other) => other.storageClass === storageClass && other.priority > priority)
      : undefined;
    if (later !== undefined) {
      const highest = Math.max(
        ...rules.filter(({ priority }) => !Number.isNaN(priority)).map(({ priority }) => priority),
      );
      report(
        [index, "rulePriority"],
        `is ${priority}, and a rule with tagStatus any must come last; write ${highest + 1} instead`,
      );
    }
  });
}
