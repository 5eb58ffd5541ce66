import { describe, expect, it } from "vitest";
import { baseUrlOf, isLoopback, locate } from "#shared/registry/endpoint.ts";

describe("a repository URI", () => {
  it("is reached by HTTPS", () => {
    expect(locate("public.ecr.aws/alias/team/web")).toEqual({
      baseUrl: "https://public.ecr.aws",
      repository: "alias/team/web",
    });
  });

  it.each(["127.0.0.1:5000", "localhost:5000", "localhost", "[::1]:5000"])(
    "on this machine, %s, is reached by HTTP",
    (host) => {
      expect(locate(`${host}/web`).baseUrl).toBe(`http://${host}`);
    },
  );

  it.each(["127.0.0.1.example.com", "localhost.example.com", "my-localhost"])(
    "that only looks local, %s, is reached by HTTPS",
    (host) => {
      expect(baseUrlOf(host)).toBe(`https://${host}`);
      expect(isLoopback(host)).toBe(false);
    },
  );

  it.each(["public.ecr.aws", "public.ecr.aws/", "/web"])("that is not host and name, %s, is refused", (uri) => {
    expect(() => locate(uri)).toThrow(
      expect.objectContaining({
        code: "repository-uri-invalid",
        permanent: true,
        message: `a repository URI is host/name, not '${uri}'`,
      }),
    );
  });
});
