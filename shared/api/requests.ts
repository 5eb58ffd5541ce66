/**
 * What each request of the REST API may hold. These schemas check the requests at run time, and the OpenAPI document is made of them
 * (shared/api/document). zod/mini only: they are part of a bundle.
 */
import * as z from "zod/mini";
import { checkRepositoryName, REPOSITORY_NAME } from "../policy/repository-name.ts";

/** Repositories or messages of one answer. */
export const MOST_PER_PAGE = 100;

const reasonOf = ({ input }: { readonly input?: unknown }) => checkRepositoryName(String(input));

/** Private repository. The rule that a name breaks is told in the words of shared/policy/repository-name.ts. */
export const repositoryName = z
  .string()
  .check(
    z.minLength(2, { error: reasonOf, abort: true }),
    z.maxLength(REPOSITORY_NAME.longest, { error: reasonOf, abort: true }),
    z.regex(REPOSITORY_NAME.pattern, { error: reasonOf }),
  );

/** API models of ECR, imageTag. */
const tag = z.string().check(z.maxLength(300), z.regex(/^[a-zA-Z0-9_][a-zA-Z0-9._-]*$/));
const digest = z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/));

/** What an earlier answer gave as `next`; a text without a meaning. */
const next = z.string().check(z.minLength(1), z.maxLength(16_384), z.regex(/^[\x21-\x7e]*$/));

/** In a query everything is text. */
const limit = z.string().check(z.regex(/^([1-9]|[1-9][0-9]|100)$/));

/** Fields of queries, and bodies, by operation. */
export const QUERIES = {
  none: z.strictObject({}),
  listRepositories: z.strictObject({
    filter: z.optional(z.enum(["drifted", "misnamed", "mirrored"])),
    limit: z.optional(limit),
    next: z.optional(next),
  }),
  showMirrors: z.strictObject({
    repository: repositoryName,
    tag: z.optional(tag),
    digest: z.optional(digest),
    next: z.optional(next),
  }),
  showRepository: z.strictObject({ next: z.optional(next) }),
  listDeadLetters: z.strictObject({ limit: z.optional(limit) }),
} as const;

export const BODIES = {
  nothing: z.strictObject({}),
  mirror: z.strictObject({
    repository: z.optional(repositoryName),
    tag: z.optional(tag),
    digest: z.optional(digest),
    everything: z.optional(z.literal(true)),
  }),
  plan: z.strictObject({
    of: z.enum(["standards", "mirrors", "deletions", "catalog"]),
    repository: z.optional(repositoryName),
    next: z.optional(next),
  }),
  sweep: z.strictObject({ of: z.enum(["standards", "mirrors", "catalog"]) }),
} as const;

export type Query<Name extends keyof typeof QUERIES> = z.output<(typeof QUERIES)[Name]>;
export type Body<Name extends keyof typeof BODIES> = z.output<(typeof BODIES)[Name]>;
