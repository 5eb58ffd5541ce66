/** GetEventSelectors. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html */
import { string, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { namedTrail, requireTrail, type TrailState, trailArn } from "./trail.ts";

type Input = {
  readonly TrailName: string;
};

/** What a trail takes that was made without selectors (API reference, PutEventSelectors). */
export function getEventSelectors(state: TrailState): Operation<Input> {
  return {
    name: "GetEventSelectors",
    readOnly: true,
    input: structure({ TrailName: string() }, ["TrailName"]),
    resources: ({ TrailName }, account) => [namedTrail(TrailName, account)],
    async run({ TrailName }, { account }) {
      requireTrail(TrailName, state, account);
      const all = {
        ReadWriteType: "All",
        IncludeManagementEvents: true,
        DataResources: [],
        ExcludeManagementEventSources: [],
      };
      return { TrailARN: trailArn(account), EventSelectors: [all] };
    },
  };
}
