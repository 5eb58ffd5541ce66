import { describe, expect, it } from "vitest";
import { imageInWords, parseImageName, repositoryName } from "../../../cli/image-name.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("an image's name", () => {
  it.each([
    ["team-a/api", { repository: "team-a/api" }],
    ["team-a/api:v1.0.0", { repository: "team-a/api", tag: "v1.0.0" }],
    [`team-a/api@${DIGEST}`, { repository: "team-a/api", digest: DIGEST }],
    [`team-a/api:v1@${DIGEST}`, { repository: "team-a/api", digest: DIGEST }],
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/team-a/api:v1", { repository: "team-a/api", tag: "v1" }],
    ["123456789012.dkr-ecr.eu-west-1.on.aws/a_b/c__d", { repository: "a_b/c__d" }],
  ])("is read from %s", (text, name) => {
    expect(parseImageName(text)).toEqual(name);
  });

  it.each([
    ["team-a/api:", "'' is no tag"],
    ["team-a/api:-x", "'-x' is no tag"],
    ["team-a/api@sha256:12", "'sha256:12' is no digest; write sha256: and 64 digits of 0-9, a-f"],
    ["Team/api", '"Team/api" contains "T"'],
    ["../etc", '"../etc" has the part ".."'],
    ["a%2Fb", '"a%2Fb" contains "%"'],
    ["x".repeat(257), "has 257 characters; ECR allows 2 to 256"],
  ])("is refused as %s", (text, reason) => {
    expect(() => parseImageName(text)).toThrow(reason);
  });

  it("may be longer in private than in public, where its alias may stand before it", () => {
    const name = "x".repeat(206);

    expect(repositoryName(name)).toBe(name);
    expect(() => repositoryName(name, "public")).toThrow("ECR Public allows 2 to 205");
    expect(repositoryName("public.ecr.aws/d3m0acct/team-a-api", "public")).toBe("team-a-api");
  });

  it("is shown with as much of a digest as a person compares", () => {
    expect(imageInWords({ repository: "a/b", digest: DIGEST })).toBe("a/b@sha256:0123456789ab…");
    expect(imageInWords({ repository: "a/b", tag: "v1", digest: DIGEST })).toBe("a/b:v1");
  });
});
