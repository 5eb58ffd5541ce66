import { CfnParameter, Fn, type Stack } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Bucket } from "aws-cdk-lib/aws-s3";
import type { Bundles, FunctionName } from "./bundle.ts";

/** Where the code of the stack's functions comes from. Called once for a stack, then for each function. */
export type CodeSource = (stack: Stack) => (name: FunctionName) => Code;

/** From the bundles' folders, which the CDK command line uploads to the account's bootstrap bucket. */
export function codeOfBundles(bundles: Pick<Bundles, "directory">): CodeSource {
  return () => (name) => Code.fromAsset(bundles.directory(name));
}

/** From a bucket that the template's user names; `zips` are the names of the files in it. */
export function codeInBucket(zips: ReadonlyMap<FunctionName, string>): CodeSource {
  return (stack) => {
    const bucket = new CfnParameter(stack, "CodeBucket", {
      description: "Bucket in this Region that holds the zip files of this release",
    });
    const prefix = new CfnParameter(stack, "CodePrefix", {
      description: "What their keys begin with, such as ecr-autopilot/1.0/",
      default: "",
    });
    const codeBucket = Bucket.fromBucketName(stack, "CodeBucketName", bucket.valueAsString);
    return (name) => Code.fromBucket(codeBucket, Fn.join("", [prefix.valueAsString, given(zips, name)]));
  };
}

/** In the template itself; `texts` are the sources. */
export function codeInline(texts: ReadonlyMap<FunctionName, string>): CodeSource {
  return () => (name) => Code.fromInline(given(texts, name));
}

function given(values: ReadonlyMap<FunctionName, string>, name: FunctionName): string {
  const value = values.get(name);
  if (value === undefined) throw new Error(`no code was packed for the function ${name}`);
  return value;
}
