/** Resource tags of ECR Public: the rules of ECR, for input in which key and value may be missing. */
import type { Tag } from "../ecr/tags.ts";

export interface TagInput {
  readonly Key?: string;
  readonly Value?: string;
}

/** A missing key is an empty one, which the tag rules refuse; a missing value is an empty one. */
export function tagsOf(input: readonly TagInput[] | undefined): Tag[] {
  return (input ?? []).map(({ Key = "", Value = "" }) => ({ Key, Value }));
}
