import { describeImage, getManifestsByTag, listImages, listReferrers } from "#shared/ecr/images.ts";
import {
  deletePublicImages,
  describePublicImage,
  listPublicImages,
  publicDigestsOf,
} from "#shared/ecr/public-images.ts";
import { registerPullTimeExclusion } from "#shared/ecr/pull-time-exclusion.ts";
import { getScanFindings } from "#shared/ecr/scan-findings.ts";
import { awsError } from "./scripted-ecr.ts";
import type { TestedCall } from "./tested-call.ts";

const name = "team-a/web";
const digest = `sha256:${"0".repeat(64)}`;
const gone = ["RepositoryNotFoundException", "ImageNotFoundException"];

/** The functions that are about images. */
export const imageCalls: readonly TestedCall[] = [
  {
    name: "describeImage",
    at: "the first call",
    operation: "DescribeImages",
    run: ({ ecr }) => describeImage(ecr, name, { tag: "v1" }),
    normal: gone,
  },
  {
    name: "describeImage",
    at: "the call that lets archived ones in",
    operation: "DescribeImages",
    run: ({ ecr }) => describeImage(ecr, name, { tag: "v1" }),
    normal: [...gone, "InvalidParameterException"],
    before: [awsError("ImageNotFoundException")],
  },
  {
    name: "listImages",
    operation: "DescribeImages",
    run: ({ ecr }) => Array.fromAsync(listImages(ecr, name)),
    normal: [],
  },
  {
    name: "listReferrers",
    operation: "ListImageReferrers",
    run: ({ ecr }) => listReferrers(ecr, name, digest),
    normal: [],
  },
  {
    name: "getManifestsByTag",
    operation: "BatchGetImage",
    run: ({ ecr }) => getManifestsByTag(ecr, name, ["v1"]),
    normal: gone,
    gives: new Map(),
  },
  {
    name: "getScanFindings",
    operation: "DescribeImageScanFindings",
    run: ({ ecr }) => getScanFindings(ecr, name, digest),
    normal: [...gone, "ScanNotFoundException"],
  },
  {
    name: "registerPullTimeExclusion",
    operation: "RegisterPullTimeUpdateExclusion",
    run: ({ ecr }) => registerPullTimeExclusion(ecr, "arn:aws:iam::123456789012:role/mirror"),
    normal: ["ExclusionAlreadyExistsException"],
    gives: false,
  },
  {
    name: "describePublicImage",
    operation: "DescribeImages",
    run: ({ ecrPublic }) => describePublicImage(ecrPublic, name, digest),
    normal: gone,
  },
  {
    name: "publicDigestsOf",
    operation: "DescribeImages",
    run: ({ ecrPublic }) => publicDigestsOf(ecrPublic, name, ["v1"]),
    normal: gone,
    gives: new Map(),
  },
  {
    name: "listPublicImages",
    operation: "DescribeImages",
    run: ({ ecrPublic }) => Array.fromAsync(listPublicImages(ecrPublic, name)),
    normal: [],
  },
  {
    name: "deletePublicImages",
    operation: "BatchDeleteImage",
    run: ({ ecrPublic }) => deletePublicImages(ecrPublic, name, [{ digest }]),
    normal: [],
  },
];
