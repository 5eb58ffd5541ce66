import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { isLayerHostOfEcr, redirectTarget } from "#shared/registry/addresses.ts";

describe("a host", () => {
  it.each([
    "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com",
    "prod-eu-central-1-starport-layer-bucket.s3.dualstack.eu-central-1.amazonaws.com",
    "prod-us-gov-west-1-starport-layer-bucket.s3-fips.us-gov-west-1.amazonaws.com",
    "prod-us-west-2-starport-layer-bucket.s3-us-west-2.amazonaws.com",
    "prod-us-west-2-starport-layer-bucket.s3.amazonaws.com",
    "prod-cn-north-1-starport-layer-bucket.s3.cn-north-1.amazonaws.com.cn",
    "d5l0dvt14r5h8.cloudfront.net",
    "d2glxqk2uabbnd.cloudfront.net",
  ])("where ECR keeps layers is known: %s", (host) => {
    expect(isLayerHostOfEcr(host)).toBe(true);
  });

  it.each([
    "my-bucket.s3.us-east-1.amazonaws.com",
    "s3.us-east-1.amazonaws.com",
    "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com.example",
    "prod-us-east-1-starport-layer-bucket.example.com",
    "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com:8443",
    "evil.prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com",
    "prod-us-east-1-starport-layer-bucket.s3/x.amazonaws.com",
    "cloudfront.net",
    "d5l0dvt14r5h8.cloudfront.net.example",
    "a.b.cloudfront.net",
    "169.254.169.254",
    "",
  ])("of somebody else is not: %s", (host) => {
    expect(isLayerHostOfEcr(host)).toBe(false);
  });
});

describe("a download", () => {
  /** Only the header is read of a response. */
  const go = (location: string, base = "https://public.ecr.aws", isAllowed = isLayerHostOfEcr) =>
    redirectTarget(
      { headers: { location } } as IncomingMessage,
      new URL(`${base}/v2/a/blobs/x`),
      new URL(base),
      isAllowed,
    ).href;

  it.each([
    ["https://public.ecr.aws", "https://d5l0dvt14r5h8.cloudfront.net/x?Signature=s"],
    [
      "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com",
      "https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/x?X-Amz-Expires=3600",
    ],
    ["https://public.ecr.aws", "https://public.ecr.aws/elsewhere"],
    ["https://registry.example:5000", "https://registry.example:9000/x"],
    ["http://registry.example:5000", "http://registry.example:5000/x"],
    ["http://127.0.0.1:5000", "http://127.0.0.1:9000/x"],
    ["https://localhost:5000", "https://127.0.0.1:9000/x"],
  ])("of %s goes on at %s", (base, location) => {
    expect(go(location, base)).toBe(location);
  });

  it.each([
    ["https://public.ecr.aws", "https://bucket.example/x"],
    ["https://public.ecr.aws", "https://127.0.0.1/x"],
    ["https://public.ecr.aws", "https://169.254.169.254/latest/meta-data"],
    ["http://127.0.0.1:5000", "https://bucket.example/x"],
  ])("of %s does not go on at %s, whose host is named", (base, location) => {
    expect(() => go(`${location}?X-Amz-Signature=secret`, base)).toThrow(
      expect.objectContaining({
        code: "registry-refused",
        permanent: true,
        message: `${base}/v2/a/blobs/x redirects to ${location}, and the registry has no business at ${new URL(location).host}`,
      }),
    );
  });

  it.each([
    "http://d5l0dvt14r5h8.cloudfront.net/x",
    "http://public.ecr.aws/x",
    "http://127.0.0.1/x",
    "ftp://127.0.0.1/x",
    "file:///etc/passwd",
  ])("does not go on at %s: not secure", (location) => {
    expect(() => go(location)).toThrow(
      expect.objectContaining({ code: "registry-refused", message: expect.stringContaining("which is not secure") }),
    );
  });

  it("goes on where its owner says, and no longer at ECR's hosts then", () => {
    const isAllowed = (host: string) => host === "layers.example:8443";

    expect(go("https://layers.example:8443/x", "https://registry.example", isAllowed)).toBe(
      "https://layers.example:8443/x",
    );
    expect(() => go("https://d5l0dvt14r5h8.cloudfront.net/x", "https://registry.example", isAllowed)).toThrow(
      "has no business at d5l0dvt14r5h8.cloudfront.net",
    );
  });
});
