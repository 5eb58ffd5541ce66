import * as v from "valibot";
import { parseAs } from "./parse.ts";
import { strictObject, text } from "./shapes.ts";

/** API model of ECR: ImageTag has 1 to 300 characters there; the grammar is the distribution specification's, whose tags have 128. */
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

const Request = strictObject({
  repository: text,
  tag: v.optional(v.pipe(v.string(), v.regex(TAG))),
  digest: v.optional(v.pipe(v.string(), v.regex(DIGEST))),
  from: v.optional(text),
});

export type MirrorStateRequest = v.InferOutput<typeof Request>;

/** Whose state is asked for: `{ "repository": "team-a/api" }`, with a tag, a digest, or the `next` of an answer as `from`. Errors: permanent `event-malformed`. */
export function parseMirrorStateRequest(payload: unknown): MirrorStateRequest {
  return parseAs(Request, payload, "a request for the state of mirrored tags");
}
