import type { GateName } from "./gates.ts";

/** What is asked: all tags of a private repository, or one tag, or the tags of one digest. */
export interface MirrorStateRequest {
  readonly repository: string;
  readonly tag?: string | undefined;
  /** `sha256:<hex>`, as the private registry has it. Not beside `tag`. */
  readonly digest?: string | undefined;
  /** The `next` of the answer before. */
  readonly from?: string | undefined;
}

export interface MirrorStatePage {
  readonly repository: string;
  /** Whether the private repository is there. */
  readonly exists: boolean;
  /** By tag, then in the order of the rules: one for each tag and destination. None for a tag or digest that is nowhere. */
  readonly states: readonly MirrorState[];
  /** Where the next page begins; left out on the last. A page has at most 100 tags, and fewer where looking at them takes long. */
  readonly next?: string;
}

/** Where one tag of a private repository stands at one destination. */
export type MirrorState = TagPlace & TagStanding;

export interface TagPlace {
  /** Left out only where a digest was asked for that has no tag. */
  readonly tag?: string;
  /** In the private repository; left out where the tag is only public. */
  readonly digest?: string;
  /** Name in ECR Public, without the alias; left out where no rule names the repository. */
  readonly destination?: string;
  /** `public.ecr.aws/<alias>/<name>:<tag>`, there or to come; left out while there is no public repository. */
  readonly uri?: string;
  /** The digest under the public tag now, whatever the state; left out where there is none. */
  readonly published?: string;
  /** The rule that selects the tag: its position in the policy's `mirror` list, from 0, and its glob. */
  readonly rule?: number;
  readonly source?: string;
}

/** `reason` is a sentence for a person; act on the others. */
export type TagStanding =
  /** Public, as the rule wants it: `published` is another digest than `digest` where the rule takes only some platforms. */
  | { readonly state: "mirrored" }
  /**
   * Selected, and nothing holds it back: the mirror has not brought it yet. Missing is the public repository, the image in it, or nothing but
   * the tag. `gates`: those that it has passed.
   */
  | {
      readonly state: "pending";
      readonly missing: "repository" | "image" | "tag";
      readonly gates: readonly GateName[];
      readonly reason: string;
    }
  /** What the gate waits for may still come. */
  | { readonly state: "blocked"; readonly gate: GateName; readonly reason: string }
  /**
   * It cannot be published as it is. `quota`: of ECR Public; `name`: ECR Public refuses that of the destination; `image`: it lacks the platform, its
   * manifest cannot be read and the like, with the `code` of the error.
   */
  | {
      readonly state: "refused";
      readonly gate: GateName | "quota" | "name" | "image";
      readonly code?: string;
      readonly reason: string;
    }
  /** The policy holds the public tag immutable, and it is another image: `published` is what it is, `pushed` what would be published. */
  | { readonly state: "conflict"; readonly pushed: string; readonly reason: string }
  /** `rules`: those that name the repository for this destination, each with the filter that leaves the tag out; none where no rule names it. */
  | { readonly state: "not-selected"; readonly rules: readonly LeavingOut[]; readonly reason: string }
  /** In the archive, so it cannot be pulled. */
  | { readonly state: "archived"; readonly reason: string }
  /** A tag of a destination that the private repository does not have (any more). */
  | { readonly state: "only-public"; readonly reason: string };

/** Why one rule leaves a tag out. */
export interface LeavingOut {
  /** Position in the policy's `mirror` list, from 0. */
  readonly rule: number;
  /** Its glob of private repositories. */
  readonly source: string;
  /**
   * The member of the rule's `tags` that leaves it out; `retention`: that of the rule would not keep it; `companion`: it is a signature or the
   * like, which follows its image; `untagged`: there is no tag.
   */
  readonly filter: "include" | "pattern" | "semver" | "exclude" | "latest" | "retention" | "companion" | "untagged";
  /** Words that follow "the tag x:". */
  readonly reason: string;
}
