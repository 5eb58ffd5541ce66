import * as z from "zod";
import { strictObject } from "./strict-object.ts";

/** Rates of ECR's control calls are not published, so the bounds are ours: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
export const limitsSchema = strictObject({
  sweepCallsPerSecond: z
    .int()
    .min(1)
    .max(1_000)
    .default(50)
    .meta({
      description:
        "Calls to ECR that a sweep makes in a second, at most; what others do in the account needs some, too.",
      examples: [50],
    }),
});
