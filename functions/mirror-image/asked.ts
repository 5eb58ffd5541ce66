import type { ImagePut } from "#shared/events/image-put.ts";
import type { Push } from "#shared/events/mirror-request.ts";
import type { MirrorOutcome } from "#shared/mirror/mirror-image.ts";
import type { Reference } from "#shared/mirror/source.ts";
import { isCompanionTag } from "#shared/policy/companion-tag.ts";

interface Request {
  readonly repository: string;
  readonly reference: Reference;
  readonly push?: Push | undefined;
}

/**
 * What a recorded push asks for. By its digest, since its tag may be somebody else's image by now; but under the tag of a signature by
 * that tag, which says what it is about.
 */
export function referenceOf({ digest, tag }: Pick<ImagePut, "digest" | "tag">): Reference {
  return tag !== undefined && isCompanionTag(tag) ? { tag } : { digest };
}

/** What a decision says of the request: what was asked for, or, where CloudTrail has told of the push, what was pushed and by whom. */
export function askedOf({ repository, reference, push }: Request) {
  if (push === undefined) return { repository, ...reference };
  const { by, digest, tag } = push;
  return { repository, ...(tag !== undefined && { tag }), pushed: digest, pushedBy: by };
}

/** The same for one outcome: who pushed one tag is not told of the others of the same digest. */
export function askedFor(request: Request, outcome: MirrorOutcome) {
  const { push } = request;
  return push === undefined || isAbout(push, outcome) ? askedOf(request) : askedOf({ ...request, push: undefined });
}

/** Whether what somebody pushed is among what became of it: its tag may have moved on since, to another image. */
export function isAbout({ tag }: Push, outcome: MirrorOutcome): boolean {
  if (tag === undefined || isCompanionTag(tag) || !("tags" in outcome)) return true;
  const conflicts = "conflicts" in outcome ? outcome.conflicts : [];
  return outcome.tags.includes(tag) || conflicts.some((conflict) => conflict.tag === tag);
}
