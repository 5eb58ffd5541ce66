/** The filter of ListImages and DescribeImages, from the API model. */
import { type Shape, string, structure } from "../aws/constraints.ts";
import type { ImageRecord } from "../store/store.ts";

export type ImageFilter = {
  readonly tagStatus?: "TAGGED" | "UNTAGGED" | "ANY";
  readonly imageStatus?: "ACTIVE" | "ARCHIVED" | "ACTIVATING" | "ANY";
};

export const imageFilter: Shape = structure({
  tagStatus: string({ values: ["TAGGED", "UNTAGGED", "ANY"] }),
  imageStatus: string({ values: ["ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"] }),
});

/** Nothing is archived here, so every image is ACTIVE, which is also what no filter asks for. */
export function passes(filter: ImageFilter | undefined): (image: ImageRecord) => boolean {
  const { tagStatus = "ANY", imageStatus = "ACTIVE" } = filter ?? {};
  return (image) =>
    (imageStatus === "ACTIVE" || imageStatus === "ANY") &&
    (tagStatus === "ANY" || (tagStatus === "TAGGED") === image.tags.length > 0);
}
