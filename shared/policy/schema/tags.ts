import * as z from "zod";
import { nearest } from "../nearest.ts";
import { NOT_IN_TAGS, OWNER_PLACEHOLDERS } from "../owner-tags.ts";
import { objectRule, type Report } from "./strict-object.ts";

/** Limits: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html#tag-restrictions */
const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

type Members = Readonly<Record<string, unknown>>;

export const tagsSchema = z.record(z.string(), z.string()).check(objectRule(checkTags));

/** As tags, with placeholders in the values. */
export const ownerTagsSchema = z.record(z.string(), z.string()).check(objectRule(checkOwnerTags));

/** What can be told only of a template's `tags` and `ownerTags` together. */
export function checkBothTags({ tags, ownerTags }: Members, report: Report): void {
  if (!isMap(tags) || !isMap(ownerTags)) return;
  const [fixed, owner] = [Object.keys(tags), Object.keys(ownerTags)];
  for (const key of owner.filter((one) => fixed.includes(one)))
    report(["ownerTags", key], `${JSON.stringify(key)} is also a key of tags; write it in one of them`);
  if (Math.max(fixed.length, owner.length) <= MOST_TAGS && fixed.length + owner.length > MOST_TAGS) {
    report(
      ["ownerTags"],
      `has ${owner.length} tags beside ${fixed.length} in tags; ECR takes ${MOST_TAGS} for a repository; write fewer`,
    );
  }
}

function checkTags(value: Members, report: Report): void {
  const entries = Object.entries(value);
  if (entries.length > MOST_TAGS)
    report([], `has ${entries.length} tags; ECR takes ${MOST_TAGS} for a repository; write fewer`);
  for (const [key, text] of entries) {
    const quoted = JSON.stringify(key);
    if (/^aws:/i.test(key))
      report([key], `the tag ${quoted} begins with "aws:", which is reserved for AWS; write another key instead`);
    if (key === "" || key.length > LONGEST_KEY)
      report([key], `the tag key ${quoted} has ${key.length} characters; write 1 to ${LONGEST_KEY} instead`);
    if (typeof text === "string" && text.length > LONGEST_VALUE)
      report([key], `is ${text.length} characters long; write ${LONGEST_VALUE} at most`);
    for (const part of [key, text]) {
      if (typeof part !== "string" || part.search(NOT_IN_TAGS) < 0) continue;
      report(
        [key],
        `${JSON.stringify(part)} has a character that AWS takes in no tag; write letters, digits, spaces and . _ : / = + - @ instead`,
      );
    }
  }
}

function checkOwnerTags(value: Members, report: Report): void {
  const withoutPlaceholders: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(value)) {
    withoutPlaceholders[key] = typeof text === "string" ? text.replace(/\{[^{}]*\}/g, "") : text;
    if (typeof text !== "string") continue;
    const used = [...text.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? "");
    for (const placeholder of used.filter((one) => !OWNER_PLACEHOLDERS.some((known) => known === one))) {
      const near = nearest(placeholder, OWNER_PLACEHOLDERS);
      report(
        [key],
        `has the unknown placeholder {${placeholder}}; write ${near === undefined ? "{role}, {session} or {account}" : `{${near}}`} instead`,
      );
    }
    if (used.length === 0 && !/[{}]/.test(text)) {
      report(
        [key],
        `is ${JSON.stringify(text)} for every caller; write {role}, {session} or {account} in it, or the tag under tags instead`,
      );
    }
  }
  checkTags(withoutPlaceholders, report);
}

function isMap(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
