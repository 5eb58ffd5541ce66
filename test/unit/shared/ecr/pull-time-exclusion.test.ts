import { ListPullTimeUpdateExclusionsCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { registerPullTimeExclusion } from "#shared/ecr/pull-time-exclusion.ts";
import { awsError, startScriptedEcr } from "./scripted-ecr.ts";
import { startWithRepositories } from "./stored-images.ts";

const principal = "arn:aws:iam::123456789012:role/mirror-image";

describe("a pull time exclusion", () => {
  it("is registered once", async () => {
    const { ecr } = await startWithRepositories();

    expect(await registerPullTimeExclusion(ecr, principal)).toBe(true);
    expect(await registerPullTimeExclusion(ecr, principal)).toBe(false);

    const { pullTimeUpdateExclusions } = await ecr.send(new ListPullTimeUpdateExclusionsCommand({}));
    expect(pullTimeUpdateExclusions).toEqual([principal]);
  });

  it("is of a role, not of its session", async () => {
    const { ecr } = await startWithRepositories();
    const session = "arn:aws:sts::123456789012:assumed-role/mirror-image/session";

    await expect(registerPullTimeExclusion(ecr, session)).rejects.toMatchObject({
      code: "ecr-invalid",
      permanent: true,
    });
  });

  it.each([
    ["UnsupportedCommandException", "ecr-unsupported", true],
    ["UnknownOperationException", "ecr-unsupported", true],
    ["LimitExceededException", "ecr-limit", false],
  ])("tells %s as %s", async (name, code, permanent) => {
    const { ecr } = await startScriptedEcr(awsError(name));

    await expect(registerPullTimeExclusion(ecr, principal)).rejects.toMatchObject({ code, permanent });
  });
});
