import {
  type CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type Trail,
} from "@aws-sdk/client-cloudtrail";
import { type AutopilotError, transient } from "../errors.ts";
import { type Answer, takesWrites } from "./takes-writes.ts";

/** One trail, as far as it tells of calls in this Region. What the account must not ask about an organization's trail is `unknown`. */
export interface TrailFacts {
  /** ARN, or the name where there is none. */
  readonly trail: string;
  readonly coversRegion: boolean;
  readonly isLogging: Answer;
  readonly takesWrites: Answer;
}

/**
 * What a member account is answered with about the trail of its organization, which it sees and does not own: a denial, or that there is no such
 * trail (https://github.com/turbot/steampipe-plugin-aws/issues/577, https://github.com/jantman/awslimitchecker/issues/439), although
 * GetTrailStatus is documented to answer it by the trail's ARN
 * (https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html).
 */
const OF_THE_ORGANIZATION: ReadonlySet<string> = new Set([
  "AccessDeniedException",
  "CloudTrailARNInvalidException",
  "NoManagementAccountSLRExistsException",
  "OperationNotPermittedException",
  "TrailNotFoundException",
  "UnsupportedOperationException",
]);
/** Whether GetEventSelectors knows the shadow of a trail of another Region by its ARN is not documented. */
const OF_ANOTHER_REGION: ReadonlySet<string> = new Set(["TrailNotFoundException", "UnsupportedOperationException"]);
const OUR_OWN: ReadonlySet<string> = new Set();

/**
 * The trails that this Region knows: its own, and the shadows of those of other Regions and of the organization
 * (https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html). A trail of another Region that covers its own alone has
 * no shadow, and is not among them. One that is deleted meanwhile is left out.
 *
 * Errors: transient `trail-unreadable`, with CloudTrail's own text: where our role lacks a permission, too.
 */
export async function readTrails(client: CloudTrailClient, region: string): Promise<TrailFacts[]> {
  const { trailList = [] } = await client
    .send(new DescribeTrailsCommand({ includeShadowTrails: true }))
    .catch((error: unknown) => {
      throw unreadable("list the trails", error);
    });
  const trails: TrailFacts[] = [];
  for (const trail of trailList) {
    const facts = await readTrail(client, trail, region);
    if (facts !== undefined) trails.push(facts);
  }
  return trails;
}

async function readTrail(client: CloudTrailClient, trail: Trail, region: string): Promise<TrailFacts | undefined> {
  const name = trail.TrailARN ?? trail.Name ?? "";
  const coversRegion = trail.IsMultiRegionTrail === true || trail.HomeRegion === region;
  if (!coversRegion) return { trail: name, coversRegion, isLogging: "unknown", takesWrites: "unknown" };
  const isShadow = trail.HomeRegion !== region;
  const silent = trail.IsOrganizationTrail === true ? OF_THE_ORGANIZATION : isShadow ? OF_ANOTHER_REGION : OUR_OWN;
  try {
    const status = await ask(silent, `read the status of ${name}`, () =>
      client.send(new GetTrailStatusCommand({ Name: name })),
    );
    const selectors = await ask(silent, `read the event selectors of ${name}`, () =>
      client.send(new GetEventSelectorsCommand({ TrailName: name })),
    );
    const isLogging = status === "unknown" ? status : status.IsLogging === true ? "yes" : "no";
    if (selectors !== "unknown") return { trail: name, coversRegion, isLogging, takesWrites: takesWrites(selectors) };
    // Who may not read them is told all the same whether there are any, and without any all management events are taken.
    const isPlain = trail.HasCustomEventSelectors === false;
    return { trail: name, coversRegion, isLogging, takesWrites: isPlain ? "yes" : "unknown" };
  } catch (error) {
    if (isNamed(error, "TrailNotFoundException")) return undefined;
    throw error;
  }
}

/** One call; `unknown` for an error with one of these names. */
async function ask<T>(silent: ReadonlySet<string>, action: string, call: () => Promise<T>): Promise<T | "unknown"> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && silent.has(error.name)) return "unknown";
    if (isNamed(error, "TrailNotFoundException")) throw error;
    throw unreadable(action, error);
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function unreadable(action: string, error: unknown): AutopilotError {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return transient("trail-unreadable", `could not ${action}: ${reason}`, error);
}
