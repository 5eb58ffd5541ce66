import { describe, expect, it } from "vitest";
import { readTrails } from "#shared/trail/read-trails.ts";
import { REGION, startScriptedTrails, trailNamed } from "./scripted-trails.ts";

const everything = { coversRegion: true, isLogging: "yes", takesWrites: "yes" };
const organization = { IsOrganizationTrail: true, HomeRegion: "us-east-1", IsMultiRegionTrail: true };

describe("the trails of a Region", () => {
  it("are told with what they take, by three calls for one trail", async () => {
    const { client, asked } = await startScriptedTrails([trailNamed("main")]);

    expect(await readTrails(client, REGION)).toEqual([
      { trail: "arn:aws:cloudtrail:eu-west-1:123456789012:trail/main", ...everything },
    ]);
    expect(asked).toEqual(["DescribeTrails", "GetTrailStatus main", "GetEventSelectors main"]);
  });

  it("are asked for by their ARN, with the shadows of other Regions' trails", async () => {
    const { client } = await startScriptedTrails([
      trailNamed("stopped", { status: false }),
      trailNamed("all", { HomeRegion: "us-east-1", IsMultiRegionTrail: true }),
      trailNamed("reads", { selectors: { EventSelectors: [{ ReadWriteType: "ReadOnly" }] } }),
    ]);

    expect(await readTrails(client, REGION)).toMatchObject([
      { isLogging: "no", takesWrites: "yes" },
      { trail: "arn:aws:cloudtrail:us-east-1:123456789012:trail/all", ...everything },
      { isLogging: "yes", takesWrites: "no" },
    ]);
  });

  it("cover their own Region alone unless they are of all: nothing more is asked of such a one", async () => {
    const { client, asked } = await startScriptedTrails([trailNamed("other", { HomeRegion: "us-east-1" })]);

    expect(await readTrails(client, REGION)).toMatchObject([{ coversRegion: false }]);
    expect(asked).toEqual(["DescribeTrails"]);
  });

  it.each(["AccessDeniedException", "TrailNotFoundException", "CloudTrailARNInvalidException"])(
    "are unknown where the organization's answers %s",
    async (name) => {
      const { client } = await startScriptedTrails([
        trailNamed("whole", { ...organization, status: name, selectors: name }),
        trailNamed("status", { ...organization, selectors: name }),
      ]);

      expect(await readTrails(client, REGION)).toMatchObject([
        { coversRegion: true, isLogging: "unknown", takesWrites: "unknown" },
        { coversRegion: true, isLogging: "yes", takesWrites: "unknown" },
      ]);
    },
  );

  it("take all management events where the organization's is known to have no selectors", async () => {
    const selectors = "TrailNotFoundException";
    const { client } = await startScriptedTrails([
      trailNamed("plain", { ...organization, selectors, HasCustomEventSelectors: false }),
    ]);

    expect(await readTrails(client, REGION)).toMatchObject([everything]);
  });

  it("are unknown where another Region's shadow does not tell its selectors", async () => {
    const selectors = "TrailNotFoundException";
    const { client } = await startScriptedTrails([
      trailNamed("all", { HomeRegion: "us-east-1", IsMultiRegionTrail: true, selectors }),
    ]);

    expect(await readTrails(client, REGION)).toMatchObject([{ isLogging: "yes", takesWrites: "unknown" }]);
  });

  it("do not include one that is deleted meanwhile", async () => {
    const { client } = await startScriptedTrails([trailNamed("gone", { status: "TrailNotFoundException" })]);

    expect(await readTrails(client, REGION)).toEqual([]);
  });

  it.each([
    ["the list", "AccessDeniedException", "could not list the trails: AccessDeniedException: told by the test"],
    [
      "the status of an own one",
      [trailNamed("main", { status: "AccessDeniedException" })],
      "could not read the status of arn:aws:cloudtrail:eu-west-1:123456789012:trail/main: AccessDeniedException: told by the test",
    ],
    [
      "the status of an own one of another Region",
      [trailNamed("all", { HomeRegion: "us-east-1", IsMultiRegionTrail: true, status: "AccessDeniedException" })],
      "could not read the status of arn:aws:cloudtrail:us-east-1:123456789012:trail/all: AccessDeniedException: told by the test",
    ],
    [
      "the selectors while CloudTrail is throttled",
      [trailNamed("main", { ...organization, selectors: "ThrottlingException" })],
      "could not read the event selectors of arn:aws:cloudtrail:us-east-1:123456789012:trail/main: ThrottlingException: told by the test",
    ],
  ])("raise what keeps our role from %s", async (_, trails, message) => {
    const { client } = await startScriptedTrails(trails);

    await expect(readTrails(client, REGION)).rejects.toMatchObject({
      ...{ code: "trail-unreadable", permanent: false, message },
    });
  });
});
