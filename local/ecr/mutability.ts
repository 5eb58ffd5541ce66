/** Tag mutability: the four modes of ECR, their exclusion filters, and the rule that the store keeps. */
import { invalidParameter } from "../aws/refusals.ts";
import type { TagRule } from "../store/store.ts";
import type { mutabilityModes } from "./shapes.ts";

export type Mutability = (typeof mutabilityModes)[number];

export interface ExclusionFilter {
  readonly filterType: "WILDCARD";
  readonly filter: string;
}

/** Members of an input that sets mutability; `imageTagMutability` is MUTABLE when it is not given. */
export type MutabilityInput = {
  readonly imageTagMutability?: Mutability;
  readonly imageTagMutabilityExclusionFilters?: readonly ExclusionFilter[];
};

/** From the Terraform provider's check; not in the API model. */
const mostStars = 2;

/**
 * Mode and filters of an input. Errors (InvalidParameterException): filters missing with a *_WITH_EXCLUSION mode (text from
 * an AWS deployment log) or given with another, more than two `*` in a filter.
 */
export function mutabilityOf(input: MutabilityInput): {
  imageTagMutability: Mutability;
  exclusionFilters: readonly ExclusionFilter[];
} {
  const mode = input.imageTagMutability ?? "MUTABLE";
  const filters = input.imageTagMutabilityExclusionFilters;
  const excludes = mode.endsWith("_WITH_EXCLUSION");
  const field = "imageTagMutabilityExclusionFilters";
  if (excludes && filters === undefined) {
    throw invalidParameter(
      field,
      `ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as ${mode}`,
    );
  }
  if (!excludes && filters !== undefined) {
    throw invalidParameter(
      field,
      `ImageTagMutabilityExclusionFilters must be null when imageTagMutability is set as ${mode}`,
    );
  }
  for (const { filter } of filters ?? []) {
    if (filter.split("*").length - 1 > mostStars) {
      throw invalidParameter(field, `Filter '${filter}' must not contain more than ${mostStars} wildcards`);
    }
  }
  return { imageTagMutability: mode, exclusionFilters: filters ?? [] };
}

/** The store's rule: tags that match an exception behave the other way. User guide, "Preventing image tags from being overwritten". */
export function tagRule(settings: {
  imageTagMutability: Mutability;
  exclusionFilters: readonly ExclusionFilter[];
}): TagRule {
  return {
    tags: settings.imageTagMutability.startsWith("IMMUTABLE") ? "immutable" : "mutable",
    except: settings.exclusionFilters.map(({ filter }) => filter),
  };
}
