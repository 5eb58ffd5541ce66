/** What a sweep of the mirrors has seen so far: plain data, since it travels with the message that continues the sweep. */
export interface MirrorsCounts {
  /** Private repositories that a rule names, those that are gone and have left a public one included. */
  readonly repositories: number;
  /** Images that were asked of the mirror; in a plan, those that would be. */
  readonly requested: number;
  /** Public tags that the policy holds immutable, and that have another digest. */
  readonly conflicts: number;
  /** Public tags that went because no retention entry keeps them; in a plan, those that would. */
  readonly dropped: number;
  /** Public tags that followed their private tag; in a plan, those that would. */
  readonly deleted: number;
  /** Signatures, children and the like that went with them. */
  readonly followed: number;
  /** Public tags whose private tag is gone, and whose time has not come. */
  readonly waiting: number;
  /** Public tags that would go, and stay because something needs them, or in doubt. */
  readonly held: number;
  /** Repositories that could not be looked at. */
  readonly failed: number;
  /** Repositories that were deleted meanwhile. */
  readonly gone: number;
  /** `deleted` by the rule's position in the policy: each has a bound of its own for a whole sweep. */
  readonly deletedByRule: Readonly<Record<string, number>>;
}

export type MirrorsTally = { -readonly [Name in keyof MirrorsCounts]: MirrorsCounts[Name] };

export function noMirrorsCounts(): MirrorsTally {
  return {
    repositories: 0,
    requested: 0,
    conflicts: 0,
    dropped: 0,
    deleted: 0,
    followed: 0,
    waiting: 0,
    held: 0,
    failed: 0,
    gone: 0,
    deletedByRule: {},
  };
}
