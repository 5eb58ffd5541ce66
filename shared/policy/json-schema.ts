import * as z from "zod";
import { policySchema } from "./schema.ts";

/**
 * JSON Schema (draft 7, which editors know best) of a policy file, with descriptions and examples. It holds the structure; rules over several
 * members are checked by `readPolicy` only.
 */
export function policyJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(policySchema, { io: "input", target: "draft-7" }) };
}
