import { describe, expect, it } from "vitest";
import { parseAccountCheckByHand } from "#shared/events/account-check-request.ts";
import { checkAccount, lookAtAccount } from "../../../../functions/check-account/check-account.ts";
import { recordingObserver } from "../../../support/recording-observer.ts";
import { REGION, type ScriptedTrail, startScriptedTrails, trailNamed } from "../../shared/trail/scripted-trails.ts";

async function start(trails: readonly ScriptedTrail[]) {
  const { client: cloudTrail } = await startScriptedTrails(trails);
  const { observer, decisions } = recordingObserver();
  return { deps: { cloudTrail, observer, region: REGION }, decisions };
}

describe("check-account", () => {
  it("tells of a trail that is missing what it lacks", async () => {
    const { deps, decisions } = await start([trailNamed("main", { status: false })]);

    await checkAccount(deps);

    expect(decisions).toEqual([
      {
        ...{ decision: "trail-missing", region: REGION, lacks: ["not-logging"] },
        reason: expect.stringMatching(
          /^arn:aws:cloudtrail:eu-west-1:123456789012:trail\/main is not logging\. Without one, /,
        ),
      },
    ]);
  });

  it("tells which trail is logging", async () => {
    const { deps, decisions } = await start([trailNamed("main")]);

    await checkAccount(deps);

    expect(decisions).toMatchObject([
      { decision: "trail-logging", trail: "arn:aws:cloudtrail:eu-west-1:123456789012:trail/main" },
    ]);
  });

  it("does not call missing what it cannot tell", async () => {
    const { deps, decisions } = await start([
      trailNamed("theirs", { IsOrganizationTrail: true, status: "AccessDeniedException" }),
    ]);

    await checkAccount(deps);

    expect(decisions.map(({ decision }) => decision)).toEqual(["trail-unknown"]);
  });

  it("answers whoever asks, and tells nobody else", async () => {
    const { deps, decisions } = await start([]);

    expect(await lookAtAccount(deps)).toMatchObject({ trail: "missing", lacks: ["no-trail"] });
    expect(decisions).toEqual([]);
  });
});

describe("a check of the account by hand", () => {
  it("asks for nothing in particular", () => {
    expect(parseAccountCheckByHand({})).toEqual({});
    expect(() => parseAccountCheckByHand({ trail: "main" })).toThrow(
      "not a check of the account by hand: trail is not known",
    );
  });
});
