import { describe, expect, it } from "vitest";
import { useAws } from "../../../../cli/backends/aws.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "token" };

describe("the AWS environment of a command", () => {
  it("has the profile that was named, and none of the keys that would win over it", () => {
    const env: NodeJS.ProcessEnv = { ...KEYS, AWS_PROFILE: "other", AWS_REGION: "us-east-1", HOME: "/home/x" };

    useAws({ profile: "platform", region: "eu-west-1" }, env);

    expect(env).toEqual({ AWS_PROFILE: "platform", AWS_REGION: "eu-west-1", HOME: "/home/x" });
  });

  it("stays as it is where nothing is said, but for what is set to nothing", () => {
    const env: NodeJS.ProcessEnv = { ...KEYS, AWS_REGION: "", AWS_PROFILE: "" };

    useAws({}, env);

    expect(env).toEqual(KEYS);
  });
});
