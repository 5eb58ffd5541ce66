/** CloudTrail at a port of its own, which has these trails and answers about them as the test says. */
import { CloudTrailClient, type GetEventSelectorsResponse, type Trail } from "@aws-sdk/client-cloudtrail";
import { onTestFinished } from "vitest";
import { listen } from "../../../../local/servers.ts";

export const REGION = "eu-west-1";

/** `logging`: undefined is no answer that tells. A text is the name of an error. */
export interface ScriptedTrail extends Trail {
  readonly status?: boolean | string;
  readonly selectors?: Omit<GetEventSelectorsResponse, "TrailARN"> | string;
}

/** A trail of this Region and account that takes everything, with these differences. */
export function trailNamed(name: string, parts: Partial<ScriptedTrail> = {}): ScriptedTrail {
  const home = parts.HomeRegion ?? REGION;
  return {
    ...{ Name: name, TrailARN: `arn:aws:cloudtrail:${home}:123456789012:trail/${name}`, HomeRegion: home },
    ...{ IsMultiRegionTrail: false, IsOrganizationTrail: false, HasCustomEventSelectors: true },
    ...{ status: true, selectors: { EventSelectors: [{}] } },
    ...parts,
  };
}

/** `trails`: those that DescribeTrails gives, or the name of its error. */
export async function startScriptedTrails(trails: readonly ScriptedTrail[] | string) {
  const asked: string[] = [];
  const { url, close } = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { Name, TrailName = Name } = JSON.parse(Buffer.concat(chunks).toString());
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const short =
      String(TrailName ?? "")
        .split("/")
        .at(-1) ?? "";
    asked.push(`${operation} ${short}`.trim());
    const answer = answerTo(operation, trails, TrailName);
    response.writeHead(typeof answer === "string" ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(typeof answer === "string" ? { __type: answer, message: "told by the test" } : answer));
  }, 0);
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const client = new CloudTrailClient({ endpoint: url, region: REGION, credentials, maxAttempts: 1 });
  onTestFinished(async () => {
    client.destroy();
    await close();
  });
  return { client, asked };
}

function answerTo(operation: string, trails: readonly ScriptedTrail[] | string, arn: string): object | string {
  if (typeof trails === "string") return trails;
  if (operation === "DescribeTrails") {
    return { trailList: trails.map(({ status: _, selectors: __, ...trail }) => trail) };
  }
  const { status, selectors } = trails.find(({ TrailARN }) => TrailARN === arn) ?? {};
  if (operation === "GetTrailStatus") return typeof status === "string" ? status : { IsLogging: status };
  return selectors ?? "TrailNotFoundException";
}
