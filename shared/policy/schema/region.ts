import * as z from "zod";
import { nearest } from "../nearest.ts";

/** Regions with ECR: https://docs.aws.amazon.com/general/latest/gr/ecr.html, and those of the other partitions. */
const REGIONS = [
  ...["af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1"],
  ...["ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"],
  ...["ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "cn-north-1", "cn-northwest-1"],
  ...["eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["eusc-de-east-1", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1"],
  ...["us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2"],
];

/** A new one in a part of the world that has some is taken, too: AWS opens several a year. */
const KNOWN = new RegExp(`^(${[...new Set(REGIONS.map((region) => region.replace(/\d$/, "")))].join("|")})[1-9]$`);

/** A Region by its name. A slip would leave the public side to nobody, so what is none is refused. */
export const regionSchema = z.string().check(
  z.superRefine((region, context) => {
    if (KNOWN.test(region)) return;
    const near = nearest(region, REGIONS) ?? "a name such as eu-west-1";
    context.addIssue({
      code: "custom",
      message: `is ${JSON.stringify(region)}, which is no Region; write ${near} instead`,
    });
  }),
);
