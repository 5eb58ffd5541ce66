import { describe, expect, it } from "vitest";
import { kindOf, toAutopilotError, unless } from "#shared/ecr/errors.ts";

function named(name: string, message = "text", status?: number): Error {
  return Object.assign(new Error(message), {
    name,
    ...(status !== undefined && { $metadata: { httpStatusCode: status } }),
  });
}

describe("the kind of an SDK error", () => {
  it.each([
    ["RepositoryNotFoundException", "not-found"],
    ["RepositoryAlreadyExistsException", "already-exists"],
    ["AccessDeniedException", "denied"],
    ["ThrottlingException", "throttled"],
    ["ImageTagAlreadyExistsException", "conflict"],
    ["KmsException", "kms"],
    ["ServerException", "unavailable"],
    // What a proxy's text 503 becomes after the SDK's own attempts.
    ["SyntaxError", "unavailable"],
    ["SomethingNewException", "unknown"],
  ])("%s is %s", (name, kind) => {
    expect(kindOf(named(name))).toBe(kind);
  });

  it("goes by the status where the name is new", () => {
    expect(kindOf(named("BackendDownException", "", 503))).toBe("unavailable");
    expect(kindOf(named("SlowDown", "", 429))).toBe("throttled");
  });
});

describe("an SDK error as ours", () => {
  it("says what was tried and what the service answered", () => {
    const error = toAutopilotError(
      named("InvalidParameterException", "Invalid parameter at 'x'"),
      "create repository 'a/b'",
    );

    expect(error.message).toBe(
      "could not create repository 'a/b': InvalidParameterException: Invalid parameter at 'x'",
    );
    expect(error).toMatchObject({ code: "ecr-invalid", permanent: true });
  });

  it.each(["AccessDeniedException", "ThrottlingException", "ServerException", "SomethingNewException"])(
    "%s is worth another try",
    (name) => {
      expect(toAutopilotError(named(name), "x").permanent).toBe(false);
    },
  );
});

describe("an expected error", () => {
  it("gives undefined for the expected kind", async () => {
    const call = unless(["not-found"], "read", () => Promise.reject(named("RepositoryNotFoundException")));

    await expect(call).resolves.toBeUndefined();
  });

  it("never takes a denial for something that is not there", async () => {
    const call = unless(["not-found"], "read", () => Promise.reject(named("AccessDeniedException")));

    await expect(call).rejects.toMatchObject({ code: "ecr-denied" });
  });
});
