import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { isPermanent, permanent, transient } from "#shared/errors.ts";
import { checkStatus, isPassing, type Subject } from "#shared/registry/check-status.ts";
import { createSend } from "#shared/registry/http.ts";
import { ociError } from "../../../support/scripted-faults.ts";

async function judge(status: number, body: string, subject: Subject = "manifest") {
  const server = createServer((_, response) => void response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const response = await createSend()({ method: "GET", url, headers: {} });
  return checkStatus(response, [200], subject, "GET it");
}

describe("a status", () => {
  it("that is allowed is no refusal", async () => {
    expect(await judge(200, "")).toBeUndefined();
  });

  it.each([
    [401, "UNAUTHORIZED", "manifest", "registry-denied", false],
    [403, "DENIED", "manifest", "registry-denied", false],
    [400, "DENIED", "manifest", "registry-denied", false],
    [404, "NAME_UNKNOWN", "upload", "registry-repository-not-found", false],
    [404, "MANIFEST_UNKNOWN", "manifest", "registry-manifest-not-found", false],
    [404, "BLOB_UNKNOWN", "blob", "registry-blob-not-found", true],
    [404, "BLOB_UPLOAD_UNKNOWN", "upload", "registry-upload-not-found", false],
    [404, "BLOB_UNKNOWN", "manifest", "registry-blob-unknown", false],
    [400, "MANIFEST_BLOB_UNKNOWN", "manifest", "registry-blob-unknown", false],
    [400, "DIGEST_INVALID", "upload", "registry-digest-refused", false],
    [400, "DIGEST_INVALID", "manifest", "registry-refused", true],
    [400, "MANIFEST_INVALID", "manifest", "registry-refused", true],
    [405, "UNSUPPORTED", "manifest", "registry-refused", true],
    [416, "BLOB_UPLOAD_INVALID", "upload", "registry-refused", true],
    [429, "TOOMANYREQUESTS", "upload", "registry-throttled", false],
    [408, "", "upload", "registry-unavailable", false],
    [500, "", "blob", "registry-unavailable", false],
    [503, "", "blob", "registry-unavailable", false],
    [204, "", "blob", "registry-unavailable", false],
  ] as const)("%s %s about a %s is %s, permanent: %s", async (status, code, subject, expected, isPermanentOne) => {
    const refusal = await judge(status, code === "" ? "" : ociError(code), subject);

    expect({ code: refusal?.error.code, permanent: isPermanent(refusal?.error) }).toEqual({
      code: expected,
      permanent: isPermanentOne,
    });
  });

  it("of missing children is known by ECR's own words", async () => {
    const words =
      "Images with digests '[sha256:1]' required for pushing image into repository with name 'r' do not exist";

    expect((await judge(400, ociError("UNKNOWN", words)))?.error.code).toBe("registry-blob-unknown");
  });

  it("of bytes with another digest is known by ECR's own words, and worth another try", async () => {
    const words = "None of the provided layer digests match the calculated layer digest";

    const refusal = await judge(400, ociError("BLOB_UPLOAD_INVALID", words), "upload");

    expect(refusal?.error).toMatchObject({ code: "registry-digest-refused", permanent: false });
  });

  it.each([
    [401, ociError("UNAUTHORIZED"), true],
    [403, ociError("DENIED", "Your authorization token has expired. Reauthenticate and try again."), true],
    [400, ociError("DENIED", "Your Authorization Token is invalid."), true],
    [403, ociError("DENIED", "User is not authorized to perform ecr:BatchGetImage"), false],
    [400, ociError("TAG_INVALID", "token"), false],
  ])("%s %s speaks of the token: %s", async (status, body, expected) => {
    expect((await judge(status, body))?.isTokenRefused).toBe(expected);
  });
});

describe("the sentence of a refusal", () => {
  it.each([
    [400, ociError("TAG_INVALID", "no\n such   tag"), "GET it: status 400 TAG_INVALID: no such tag"],
    [502, "<html><head><title>Bad gateway</title></head><body>inside</body></html>", "status 502: Bad gateway"],
    [
      403,
      "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>secret</StringToSign></Error>",
      "status 403: SignatureDoesNotMatch",
    ],
    [500, "plain words", "GET it: status 500: plain words"],
    [500, "", "GET it: status 500"],
    [500, '{"errors":"none"}', "GET it: status 500"],
    [500, '{"errors":[null]}', "GET it: status 500"],
    [500, "null", "GET it: status 500: null"],
  ])("of %s %s says what the registry said, in a line", async (status, body, message) => {
    const told = (await judge(status, body))?.error.message ?? "";

    expect(told.endsWith(message)).toBe(true);
    expect(told).not.toContain("secret");
  });

  it("is bounded, however much the registry says", async () => {
    const told = (await judge(500, "x".repeat(3_000_000)))?.error.message ?? "";

    expect(told).toBe(`GET it: status 500: ${"x".repeat(500)}`);
  });
});

describe("another try soon", () => {
  it.each([
    [transient("registry-unavailable", ""), true],
    [transient("registry-throttled", ""), true],
    [transient("registry-denied", ""), false],
    [permanent("registry-refused", ""), false],
    [new Error("unknown"), false],
  ])("after %s is worth it: %s", (error, expected) => {
    expect(isPassing(error)).toBe(expected);
  });
});
