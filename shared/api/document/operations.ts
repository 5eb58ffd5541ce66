import type { ProblemCode } from "../problem.ts";
import type { BODIES, QUERIES } from "../requests.ts";
import type { ANSWERS } from "./answers.ts";

/** One operation, as the document tells of it. */
export interface ApiOperation {
  readonly method: "get" | "put" | "post";
  /** With `{name}`, which may hold slashes, or `{id}`. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly query?: keyof typeof QUERIES;
  readonly body?: keyof typeof BODIES;
  readonly answers: Readonly<Partial<Record<200 | 201 | 202, keyof typeof ANSWERS>>>;
  /** Besides those that every operation has. */
  readonly problems?: readonly ProblemCode[];
}

const named = ["name-refused"] as const;

/** All operations, in the order in which a reader needs them. */
export const OPERATIONS: readonly ApiOperation[] = [
  {
    method: "put",
    path: "/repositories/{name}",
    id: "ensureRepository",
    summary: "Make sure that a repository exists and is at its standard; the same request twice is one repository",
    body: "nothing",
    answers: { 200: "ensured", 201: "ensured" },
    problems: [
      ...named,
      "name-near",
      "repository-ungoverned",
      "creation-refused",
      "repository-exists",
      "header-unsupported",
    ],
  },
  {
    method: "get",
    path: "/repositories",
    id: "listRepositories",
    summary: "The repositories beside their standards, a page of at most 100; a page may be empty while next is given",
    query: "listRepositories",
    answers: { 200: "repositories" },
    problems: ["next-refused"],
  },
  {
    method: "get",
    path: "/repositories/{name}",
    id: "showRepository",
    summary: "One repository: its standard, what differs, its tag mutability, and where each tag stands on ECR Public",
    query: "showRepository",
    answers: { 200: "repository" },
    problems: [...named, "repository-unknown", "next-refused"],
  },
  {
    method: "post",
    path: "/mirrors",
    id: "requestMirror",
    summary: "Ask the mirror for one tag, for one digest, or for everything that the rules select",
    body: "mirror",
    answers: { 202: "mirrorRequested" },
    problems: ["not-selected", "image-unknown"],
  },
  {
    method: "get",
    path: "/mirrors",
    id: "showMirrors",
    summary: "Where the tags of a repository stand on ECR Public, worked out from both registries and the policy",
    query: "showMirrors",
    answers: { 200: "mirrors" },
    problems: ["next-refused"],
  },
  {
    method: "post",
    path: "/catalog/{name}",
    id: "syncCatalog",
    summary: "Bring the gallery page of one public repository in step now",
    body: "nothing",
    answers: { 200: "catalog" },
    problems: named,
  },
  {
    method: "post",
    path: "/plans",
    id: "plan",
    summary: "What would change, in as much as fits into one answer; writes nothing",
    body: "plan",
    answers: { 200: "plan" },
    problems: ["repository-unknown", "next-refused"],
  },
  {
    method: "post",
    path: "/sweeps",
    id: "requestSweep",
    summary: "Begin a sweep now, as the schedule does every hour",
    body: "sweep",
    answers: { 202: "sweepRequested" },
  },
  {
    method: "get",
    path: "/dead-letters",
    id: "listDeadLetters",
    summary: "Work that was given up; each message is hidden from others for the moment of the look",
    query: "listDeadLetters",
    answers: { 200: "deadLetters" },
  },
  {
    method: "post",
    path: "/dead-letters/replay",
    id: "replayDeadLetters",
    summary: "Send all dead letters back to the queues that they came from",
    body: "nothing",
    answers: { 202: "replays" },
  },
  {
    method: "post",
    path: "/dead-letters/{id}/replay",
    id: "replayDeadLetter",
    summary: "Send one dead letter back to the queue that it came from",
    body: "nothing",
    answers: { 202: "replayed" },
    problems: ["dead-letter-unknown"],
  },
  {
    method: "get",
    path: "/policy",
    id: "showPolicy",
    summary: "The policy in force, with its hash",
    answers: { 200: "policy" },
  },
  {
    method: "get",
    path: "/openapi.json",
    id: "showOpenApi",
    summary: "This document",
    answers: { 200: "openApi" },
  },
  {
    method: "get",
    path: "/health",
    id: "showHealth",
    summary: "Whether the registry answers, and what waits in the queues",
    answers: { 200: "health" },
  },
];
