/** The filter of ListImages and DescribeImages, from the API model. */
import { type Shape, string, structure } from "../aws/constraints.ts";
import type { ImageRecord } from "../store/store.ts";
import { storageOf } from "./storage-class.ts";
import type { Target } from "./target.ts";

export type ImageFilter = {
  readonly tagStatus?: "TAGGED" | "UNTAGGED" | "ANY";
  readonly imageStatus?: "ACTIVE" | "ARCHIVED" | "ACTIVATING" | "ANY";
};

export const imageFilter: Shape = structure({
  tagStatus: string({ values: ["TAGGED", "UNTAGGED", "ANY"] }),
  imageStatus: string({ values: ["ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"] }),
});

/** "If not specified, only images with ACTIVE status are returned" (API model). */
export function hasStatus(
  target: Target,
  wanted: ImageFilter["imageStatus"] = "ACTIVE",
): (image: ImageRecord) => boolean {
  return (image) => wanted === "ANY" || storageOf(target, image).imageStatus === wanted;
}

export function passes(target: Target, filter: ImageFilter = {}): (image: ImageRecord) => boolean {
  const { tagStatus = "ANY", imageStatus } = filter;
  const isInStatus = hasStatus(target, imageStatus);
  return (image) => isInStatus(image) && (tagStatus === "ANY" || (tagStatus === "TAGGED") === image.tags.length > 0);
}
