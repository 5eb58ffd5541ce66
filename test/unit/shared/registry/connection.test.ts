import { describe, expect, it } from "vitest";
import { ociError } from "../../../support/scripted-faults.ts";
import { clientOf, startRegistry } from "./set-up.ts";

const PATH = /./;

/** An authorization that keeps what it gives, as ours does, and counts its renewals. */
function keptToken(next: () => string) {
  let token = "Basic old";
  const state = { renewals: 0 };
  const authorization = async ({ renew = false } = {}): Promise<string> => {
    if (renew) {
      state.renewals += 1;
      token = next();
    }
    return token;
  };
  return { state, authorization };
}

describe("the authorization", () => {
  it("is renewed once when the registry says 401, and kept", async () => {
    const registry = await startRegistry({ authorization: () => "Basic new" });
    const { state, authorization } = keptToken(() => "Basic new");
    const client = clientOf(registry, { authorization });

    expect(await client.hasBlob("a", `sha256:${"a".repeat(64)}`)).toBe(false);
    expect(await client.getManifest("a", "v1")).toBeUndefined();
    expect(state.renewals).toBe(1);
    expect(registry.requests.map(({ headers }) => headers.authorization)).toEqual([
      "Basic old",
      "Basic new",
      "Basic new",
    ]);
  });

  it("that is refused once more is denied: there is no second renewal", async () => {
    const registry = await startRegistry({ authorization: () => "Basic never" });
    const { state, authorization } = keptToken(() => "Basic new");

    await expect(clientOf(registry, { authorization }).getManifest("a", "v1")).rejects.toMatchObject({
      code: "registry-denied",
      permanent: false,
      message: expect.stringContaining("status 401 UNAUTHORIZED"),
    });
    expect(state.renewals).toBe(1);
    expect(registry.requests).toHaveLength(2);
  });

  it("is renewed once for requests that are refused together", async () => {
    const registry = await startRegistry({ authorization: () => "Basic new" });
    const { state, authorization } = keptToken(() => "Basic new");
    const client = clientOf(registry, { authorization });

    await Promise.all([1, 2, 3, 4].map((tag) => client.getManifest("a", `v${tag}`)));

    expect(state.renewals).toBe(1);
  });

  it("is renewed after ECR's 403 for an expired token", async () => {
    const registry = await startRegistry();
    const body = ociError("DENIED", "Your authorization token has expired. Reauthenticate and try again.");
    registry.on("GET", PATH, { answer: 403, body });
    const { state, authorization } = keptToken(() => "Basic new");

    expect(await clientOf(registry, { authorization }).getManifest("a", "v1")).toBeUndefined();
    expect(state.renewals).toBe(1);
  });

  it("is not renewed for a holder who may not: that is denied, and is no missing manifest", async () => {
    const registry = await startRegistry();
    registry.on("GET", PATH, { answer: 403, body: ociError("DENIED", "User is not authorized") });
    const { state, authorization } = keptToken(() => "Basic new");

    await expect(clientOf(registry, { authorization }).getManifest("a", "v1")).rejects.toMatchObject({
      code: "registry-denied",
      message: `GET ${registry.url}/v2/a/manifests/v1: status 403 DENIED: User is not authorized`,
    });
    expect(state.renewals).toBe(0);
  });

  it("may be none", async () => {
    const registry = await startRegistry();

    await clientOf(registry, { authorization: async () => undefined }).getManifest("a", "v1");

    expect(registry.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  it("whose renewal fails is asked anew the next time", async () => {
    const registry = await startRegistry({ authorization: () => "Basic new" });
    let failures = 1;
    const { authorization } = keptToken(() => {
      if (failures-- > 0) throw new Error("no token now");
      return "Basic new";
    });
    const client = clientOf(registry, { authorization });

    await expect(client.getManifest("a", "v1")).rejects.toThrow("no token now");
    expect(await client.getManifest("a", "v1")).toBeUndefined();
  });
});

describe("an address", () => {
  it("is made of names that can stand in it, or not at all", async () => {
    const registry = await startRegistry();
    const client = clientOf(registry);

    await expect(async () => client.getManifest("a/../../b", "v1")).rejects.toMatchObject({
      code: "reference-invalid",
    });
    await expect(async () => client.getManifest("a", "../../x")).rejects.toMatchObject({ code: "reference-invalid" });
    await expect(async () => client.hasBlob("a", "latest")).rejects.toMatchObject({ code: "reference-invalid" });
    expect(registry.requests).toEqual([]);
  });
});
