/** Resource tags: limits and merging. API reference, Tag: key 1-128, value 0-256 characters, at most 50 per resource. */
import { AwsError } from "../aws/call.ts";

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const mostTags = 50;

/** The tags, checked. Errors: InvalidTagParameterException, TooManyTagsException. */
export function checkTags(tags: readonly Tag[]): readonly Tag[] {
  const keys = new Set<string>();
  for (const { Key, Value } of tags) {
    // The text for an empty key was seen in a public report; the reason after it is ours.
    if (Key === "") throw invalid();
    if ([...Key].length > 128) throw invalid("a tag key has at most 128 characters");
    if ([...Value].length > 256) throw invalid(`the value of tag '${Key}' has more than 256 characters`);
    if (/^aws:/i.test(Key)) throw invalid(`the prefix 'aws:' of '${Key}' is reserved`);
    if (keys.has(Key)) throw invalid(`the key '${Key}' is given twice`);
    keys.add(Key);
  }
  if (tags.length > mostTags) {
    throw new AwsError(
      "TooManyTagsException",
      `A repository can have at most ${mostTags} tags; this would make ${tags.length}`,
    );
  }
  return tags;
}

/** `present` with `added` put over it, in the order of the keys. Errors: as `checkTags`. */
export function mergeTags(present: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  checkTags(added);
  const merged = new Map([...present, ...added].map((tag) => [tag.Key, tag]));
  return checkTags([...merged.values()].sort((a, b) => (a.Key < b.Key ? -1 : 1)));
}

/** Condition keys that a call with tags brings: aws:RequestTag/KEY and aws:TagKeys. */
export function tagConditions(tags: readonly Tag[]): Record<string, string | string[]> {
  if (tags.length === 0) return {};
  const requested = tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value] as const);
  return { ...Object.fromEntries(requested), "aws:TagKeys": tags.map(({ Key }) => Key) };
}

function invalid(reason?: string): AwsError {
  return new AwsError(
    "InvalidTagParameterException",
    `Tag parameters are invalid${reason === undefined ? "" : `: ${reason}`}`,
  );
}
