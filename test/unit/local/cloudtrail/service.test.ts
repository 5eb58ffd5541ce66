import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCloudTrailService } from "../../../../local/cloudtrail/service.ts";
import type { TrailState } from "../../../../local/cloudtrail/trail.ts";
import { sendSigned } from "../api-gateway/signed-request.ts";
import { accountId, region, startAccount } from "../ecr/start-account.ts";

const TrailARN = `arn:aws:cloudtrail:${region}:${accountId}:trail/management-events`;

async function start(state: TrailState, actions: readonly string[] = []) {
  const account = await startAccount({
    services: [createCloudTrailService(state)],
    statements: [{ Effect: "Allow", Action: [...actions], Resource: `arn:aws:cloudtrail:*:*:trail/*` }],
  });
  const clientOf = (credentials: { accessKeyId: string; secretAccessKey: string }) => {
    const client = new CloudTrailClient({ endpoint: account.endpoint, region, credentials, maxAttempts: 1 });
    onTestFinished(() => client.destroy());
    return client;
  };
  return { ...account, client: clientOf(account.user), asRole: clientOf({ ...account.role }) };
}

describe("CloudTrail in the local account", () => {
  it.each([
    ["logging", true],
    ["stopped", false],
  ] as const)("has one trail, which is %s", async (state, IsLogging) => {
    const { client } = await start(state);

    const { trailList } = await client.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
    expect(trailList).toMatchObject([
      { TrailARN, HomeRegion: region, IsMultiRegionTrail: false, IsOrganizationTrail: false },
    ]);
    expect(await client.send(new GetTrailStatusCommand({ Name: TrailARN }))).toMatchObject({ IsLogging });
    expect(await client.send(new GetEventSelectorsCommand({ TrailName: "management-events" }))).toMatchObject({
      TrailARN,
      EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true }],
    });
  });

  it("has none where it is asked to, and says so of any name", async () => {
    const { client } = await start("none");

    expect((await client.send(new DescribeTrailsCommand({}))).trailList).toEqual([]);
    await expect(client.send(new GetTrailStatusCommand({ Name: TrailARN }))).rejects.toMatchObject({
      name: "TrailNotFoundException",
      message: `Unknown trail: ${TrailARN} for the user: ${accountId}`,
    });
  });

  it("tells of the trails that are named, and of no other", async () => {
    const { client } = await start("logging");
    const named = async (...trailNameList: string[]) =>
      (await client.send(new DescribeTrailsCommand({ trailNameList }))).trailList?.length;

    expect([await named("management-events"), await named(TrailARN), await named("other")]).toEqual([1, 1, 0]);
    await expect(client.send(new GetEventSelectorsCommand({ TrailName: "other" }))).rejects.toMatchObject({
      name: "TrailNotFoundException",
    });
  });

  it("asks for permission on the trail, and for the list on everything", async () => {
    const { asRole } = await start("logging", ["cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus"]);

    expect(await asRole.send(new GetTrailStatusCommand({ Name: "management-events" }))).toMatchObject({
      IsLogging: true,
    });
    await expect(asRole.send(new GetEventSelectorsCommand({ TrailName: TrailARN }))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`cloudtrail:GetEventSelectors on resource: ${TrailARN}`),
    });
    await expect(asRole.send(new DescribeTrailsCommand({}))).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("is known by the name of the API model, too, which the command line sends", async () => {
    const { endpoint, user } = await start("logging");
    const target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.DescribeTrails";

    const { status, body } = await sendSigned(
      endpoint,
      { service: "cloudtrail", region, keys: user },
      { method: "POST", headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target }, body: "{}" },
    );

    expect(status).toBe(200);
    expect(JSON.parse(body.toString()).trailList).toMatchObject([{ TrailARN }]);
  });
});
