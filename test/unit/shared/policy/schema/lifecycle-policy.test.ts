import { describe, expect, it } from "vitest";
import { problemsOfTemplate } from "../support.ts";

/** The problems of a lifecycle policy with these rules, each a flow map; without the path of the policy and the place. */
function problemsOfRules(...rules: string[]): string[] {
  return problemsOfTemplate("lifecyclePolicy:", "  rules:", ...rules.map((rule) => `    - ${rule}`)).map((line) =>
    line.replace(/^[0-9:]+ {2}templates\[0\]\.lifecyclePolicy\.?/, ""),
  );
}

/** One rule whose selection and action these are. */
function problemsOf(selection: string, action = "{ type: expire }"): string[] {
  return problemsOfRules(`{ rulePriority: 1, selection: { ${selection} }, action: ${action} }`).map((line) =>
    line.replace("rules[0].", ""),
  );
}

const rule = (priority: number, tagStatus = "untagged", extra = "countType: imageCountMoreThan, countNumber: 5") =>
  `{ rulePriority: ${priority}, selection: { tagStatus: ${tagStatus}, ${extra} }, action: { type: expire } }`;
const archived = "storageClass: archive, countType: sinceImageTransitioned, countUnit: days, countNumber: 90";

describe("the schema of a lifecycle policy", () => {
  it.each([
    ["images by count", "tagStatus: untagged, countType: imageCountMoreThan, countNumber: 1", "{ type: expire }"],
    [
      "images by age",
      'tagStatus: tagged, tagPatternList: ["*a*b*c*"], countType: sinceImagePushed, countUnit: days, countNumber: 14',
      "{ type: expire }",
    ],
    [
      "prefixes",
      "tagStatus: tagged, tagPrefixList: [dev], countType: sinceImagePushed, countUnit: days, countNumber: 14",
      "{ type: expire }",
    ],
    [
      "the archive for what is not pulled",
      "tagStatus: any, storageClass: standard, countType: sinceImagePulled, countUnit: days, countNumber: 30",
      "{ type: transition, targetStorageClass: archive }",
    ],
    ["an end for what is archived", `tagStatus: any, ${archived}`, "{ type: expire }"],
  ])("accepts %s", (_, selection, action) => {
    expect(problemsOf(selection, action)).toEqual([]);
  });

  it.each([
    [
      "tagStatus: tagged, countType: imageCountMoreThan, countNumber: 5",
      'selection: has tagStatus tagged and no tags; write `tagPatternList: ["dev-*"]` with your pattern, or tagPrefixList',
    ],
    [
      "tagStatus: tagged, tagPatternList: [a], tagPrefixList: [a], countType: imageCountMoreThan, countNumber: 5",
      "selection.tagPrefixList: stands beside tagPatternList, and ECR takes one of them; write all of it as tagPatternList",
    ],
    [
      "tagStatus: untagged, tagPatternList: [a], countType: imageCountMoreThan, countNumber: 5",
      "selection.tagPatternList: is refused with tagStatus untagged; remove it, or write `tagStatus: tagged` instead",
    ],
    [
      "tagStatus: any, tagPrefixList: [a], countType: imageCountMoreThan, countNumber: 5",
      "selection.tagPrefixList: is refused with tagStatus any; remove it, or write `tagStatus: tagged` instead",
    ],
    [
      'tagStatus: tagged, tagPatternList: ["a*b*c*d*e*"], countType: imageCountMoreThan, countNumber: 5',
      'selection.tagPatternList[0]: "a*b*c*d*e*" has more than four *, which is all that ECR takes; write a simpler pattern',
    ],
    [
      "tagStatus: tagged, tagPatternList: [], countType: imageCountMoreThan, countNumber: 5",
      'selection.tagPatternList: is empty; write for example `tagPatternList: ["dev-*"]`',
    ],
    [
      "tagStatus: any, countType: imageCountMoreThan, countUnit: days, countNumber: 5",
      "selection.countUnit: is refused with imageCountMoreThan, which counts images; remove it",
    ],
    [
      "tagStatus: any, countType: sinceImagePushed, countNumber: 5",
      "selection.countUnit: is missing, and sinceImagePushed needs it; write `countUnit: days`",
    ],
    [
      "tagStatus: any, countType: sinceImagePushed, countUnit: hours, countNumber: 5",
      'selection.countUnit: is "hours"; write days instead',
    ],
    [
      "tagStatus: any, countType: imageCountMoreThan, countNumber: 0",
      "selection.countNumber: is 0; write 1 or more instead",
    ],
    [
      "tagStatus: any, countType: imageCountMoreThan, countNumber: 1.5",
      "selection.countNumber: is the number 1.5, not a whole number; write for example `countNumber: 14` instead",
    ],
    [
      'tagStatus: any, countType: imageCountMoreThan, countNumber: "5"',
      "selection.countNumber: is text, not a number; write 5 without quotes instead",
    ],
    [
      "tagStatus: any, countType: imageCountMoreThan",
      "selection.countNumber: is missing; write for example `countNumber: 14`",
    ],
    [
      "tagStatus: any, storageClass: archive, countType: imageCountMoreThan, countNumber: 5",
      "selection.storageClass: archive is refused with imageCountMoreThan; remove it, or write `countType: sinceImageTransitioned` instead",
    ],
    [
      "tagStatus: any, countType: sinceImageTransitioned, countUnit: days, countNumber: 90",
      "selection.storageClass: must be archive with sinceImageTransitioned; write `storageClass: archive` instead",
    ],
    [
      `tagStatus: any, ${archived.replace("90", "89")}`,
      "selection.countNumber: is 89, and ECR keeps an archived image 90 days at least; write 90 or more instead",
    ],
    [
      "tagStatus: any, countType: sinceImagePulled, countUnit: days, countNumber: 5",
      "action.type: expire is refused with sinceImagePulled; write `type: transition` and `targetStorageClass: archive` instead",
    ],
    [
      "tagstatus: any, tagStatus: any, countType: imageCountMoreThan, countNumber: 5",
      'selection: unknown key "tagstatus"; write tagStatus instead',
    ],
  ])("refuses the selection %s", (selection, problem) => {
    expect(problemsOf(selection)).toEqual([problem]);
  });

  it.each([
    [
      "{ type: transition }",
      "action.targetStorageClass: is missing, and transition needs it; write `targetStorageClass: archive`",
    ],
    [
      "{ type: expire, targetStorageClass: archive }",
      "action.targetStorageClass: is refused with expire; remove it, or write `type: transition` instead",
    ],
    ["{ type: delete }", 'action.type: is "delete"; write one of expire, transition instead'],
    ["{}", "action.type: is missing; write one of expire, transition"],
  ])("refuses the action %s", (action, problem) => {
    expect(problemsOf("tagStatus: any, countType: imageCountMoreThan, countNumber: 5", action)).toEqual([problem]);
  });

  it("refuses to transition what is in the archive", () => {
    expect(problemsOf(`tagStatus: any, ${archived}`, "{ type: transition, targetStorageClass: archive }")).toEqual([
      "action.type: transition is refused with sinceImageTransitioned, whose images are in the archive; write `type: expire` instead",
    ]);
  });

  it("wants another priority for each rule", () => {
    expect(problemsOfRules(rule(1), rule(2), rule(1))).toEqual([
      "rules[2].rulePriority: 1 is also the priority of rules[0]; write a number that no other rule has",
    ]);
  });

  it("wants the rule for any images last, by number, within its storage class", () => {
    expect(problemsOfRules(rule(7, "any"), rule(3))).toEqual([]);
    expect(problemsOfRules(rule(1, "any"), rule(2, "any", archived))).toEqual([]);
    expect(problemsOfRules(rule(1, "any"), rule(9))).toEqual([
      "rules[0].rulePriority: is 1, and a rule with tagStatus any must come last; write 10 instead",
    ]);
  });

  it("takes 50 rules and no more", () => {
    const rules = Array.from({ length: 51 }, (_, index) => rule(index + 1));

    expect(problemsOfRules(...rules.slice(1))).toEqual([]);
    expect(problemsOfRules(...rules)).toEqual([
      "rules: has more than 50 rules, which is all that ECR takes; write fewer",
    ]);
  });

  it("wants at least one rule", () => {
    expect(problemsOfTemplate("lifecyclePolicy: { rules: [] }")).toEqual([
      "4:31  templates[0].lifecyclePolicy.rules: is empty; write at least one rule, or leave lifecyclePolicy out",
    ]);
  });

  it("measures the compiled text against ECR's limit", () => {
    const long = (length: number) =>
      rule(1).replace("{ rulePriority", `{ description: ${"d".repeat(length)}, rulePriority`);
    const others =
      '{"rules":[{"action":{"type":"expire"},"description":"","rulePriority":1,"selection":{"countNumber":5,"countType":"imageCountMoreThan","tagStatus":"untagged"}}]}'
        .length;

    expect(problemsOfRules(long(30_720 - others))).toEqual([]);
    expect(problemsOfRules(long(30_721 - others))).toEqual([
      ": is 30721 characters long as JSON; ECR takes 30720; write fewer rules or shorter descriptions",
    ]);
  });
});
