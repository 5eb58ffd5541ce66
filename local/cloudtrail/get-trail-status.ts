/** GetTrailStatus. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html */
import { string, structure } from "../aws/constraints.ts";
import type { Operation } from "../aws/operation.ts";
import { namedTrail, requireTrail, type TrailState } from "./trail.ts";

type Input = {
  readonly Name: string;
};

/** Without the times, of which the local account delivers nothing. */
export function getTrailStatus(state: TrailState): Operation<Input> {
  return {
    name: "GetTrailStatus",
    readOnly: true,
    input: structure({ Name: string() }, ["Name"]),
    resources: ({ Name }, account) => [namedTrail(Name, account)],
    async run({ Name }, { account }) {
      requireTrail(Name, state, account);
      return { IsLogging: state === "logging" };
    },
  };
}
