import { describe, expect, it } from "vitest";
import { checkManifestReference, checkRepository, parseReference } from "#shared/registry/reference.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("an image reference", () => {
  it.each([
    ["public.ecr.aws/alias/web", "public.ecr.aws", "alias/web", undefined, undefined],
    ["public.ecr.aws/alias/web:v1", "public.ecr.aws", "alias/web", "v1", undefined],
    [`127.0.0.1:5000/web@${digest}`, "127.0.0.1:5000", "web", undefined, digest],
    [`localhost/a__b/c-d:v1@${digest}`, "localhost", "a__b/c-d", "v1", digest],
    ["[::1]:5000/web:_x", "[::1]:5000", "web", "_x", undefined],
  ])("%s is read whole", (text, host, repository, tag, expectedDigest) => {
    expect(parseReference(text)).toEqual({ host, repository, tag, digest: expectedDigest });
  });

  it.each([
    ["web:v1", "it begins with a host that has a dot or a port: host/name:tag@digest"],
    ["library/web", "it begins with a host that has a dot or a port"],
    ["https://public.ecr.aws/web", "it begins with a host that has a dot or a port"],
    ["public.ecr.aws/Web", "'Web' is no image reference: a repository is lower-case"],
    ["public.ecr.aws/a/../b", "'a/../b' is no image reference"],
    ["public.ecr.aws/web:", "'' is no image reference: a tag is"],
    ["public.ecr.aws/web:v1/x", "'v1/x' is no image reference: a tag is"],
    [`public.ecr.aws/web:${"t".repeat(129)}`, "not first . or -, at most 128"],
    ["public.ecr.aws/web@sha256:12", "'sha256:12' is no image reference: a digest is sha256: and 64 hex digits"],
  ])("%s is refused with its rule", (text, message) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({
        code: "reference-invalid",
        permanent: true,
        message: expect.stringContaining(message),
      }),
    );
  });
});

describe("what goes into a registry's path", () => {
  it.each(["a/../../b", "a?x=1", "a#b", "/a", "a/", "a//b", "", `a${"b".repeat(255)}`])(
    "is no repository when it is %j",
    (name) => {
      expect(() => checkRepository(name)).toThrow(expect.objectContaining({ code: "reference-invalid" }));
    },
  );

  it.each(["../v1", "v1?x", "sha256:12", ""])("is neither tag nor digest when it is %j", (reference) => {
    expect(() => checkManifestReference(reference)).toThrow(expect.objectContaining({ code: "reference-invalid" }));
  });
});
