/** DescribeTrails. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html */
import { boolean, list, string, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { namedTrail, TRAIL_NAME, type TrailState, trailArn } from "./trail.ts";

type Input = {
  readonly trailNameList?: readonly string[];
  readonly includeShadowTrails?: boolean;
};

/** There is no other Region and no organization, and so no shadow. A name that no trail has is left out of the answer. */
export function describeTrails(state: TrailState): Operation<Input> {
  return {
    name: "DescribeTrails",
    readOnly: true,
    input: structure({ trailNameList: list(string()), includeShadowTrails: boolean() }),
    resources: () => ["*"],
    async run({ trailNameList = [] }, { account }) {
      const arn = trailArn(account);
      const isWanted = trailNameList.length === 0 || trailNameList.some((name) => namedTrail(name, account) === arn);
      if (state === "none" || !isWanted) return { trailList: [] };
      const trail = {
        Name: TRAIL_NAME,
        TrailARN: arn,
        S3BucketName: `cloudtrail-${account.accountId}`,
        HomeRegion: account.region,
        IncludeGlobalServiceEvents: true,
        IsMultiRegionTrail: false,
        IsOrganizationTrail: false,
        LogFileValidationEnabled: true,
        HasCustomEventSelectors: false,
        HasInsightSelectors: false,
      };
      return { trailList: [trail] };
    },
  };
}
