import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ECRPUBLICClient } from "@aws-sdk/client-ecr-public";
import { describe, expect, it } from "vitest";
import { privateRegistry, publicAuthorization } from "#shared/ecr/authorization.ts";

const HOUR = 3_600_000;

function client<Client>(answers: (() => unknown)[]): { client: Client; calls: () => number } {
  let calls = 0;
  const send = async () => answers[Math.min(calls++, answers.length - 1)]?.();
  return { client: { send } as Client, calls: () => calls };
}

function token(text: string, validForMs = 12 * HOUR) {
  return { authorizationToken: text, expiresAt: new Date(Date.now() + validForMs) };
}

describe("authorization", () => {
  it("is Basic for the private registry and asked for once by many", async () => {
    const ecr = client<ECRClient>([() => ({ authorizationData: [token("QVdTOng=")] })]);
    const { authorization } = privateRegistry(ecr.client);

    const headers = await Promise.all([authorization(), authorization(), authorization()]);

    expect(headers).toEqual(Array(3).fill("Basic QVdTOng="));
    expect(ecr.calls()).toBe(1);
  });

  it("comes with the address of the private registry", async () => {
    const proxyEndpoint = "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    const ecr = client<ECRClient>([() => ({ authorizationData: [{ ...token("QVdTOng="), proxyEndpoint }] })]);

    expect(await privateRegistry(ecr.client).baseUrl()).toBe(proxyEndpoint);
  });

  it("is Bearer for ECR Public, whose answer is no list", async () => {
    const ecr = client<ECRPUBLICClient>([() => ({ authorizationData: token("QVdTOnk=") })]);

    expect(await publicAuthorization(ecr.client)()).toBe("Bearer QVdTOnk=");
  });

  it("is fetched anew when the kept token is about to expire", async () => {
    const ecr = client<ECRClient>([
      () => ({ authorizationData: [token("b2xk", 60_000)] }),
      () => ({ authorizationData: [token("bmV3")] }),
    ]);
    const { authorization } = privateRegistry(ecr.client);
    await authorization();

    expect(await authorization()).toBe("Basic bmV3");
  });

  it("is fetched anew when the registry refused the kept token", async () => {
    const ecr = client<ECRClient>([
      () => ({ authorizationData: [token("b2xk")] }),
      () => ({ authorizationData: [token("bmV3")] }),
    ]);
    const { authorization } = privateRegistry(ecr.client);
    await authorization();

    expect(await authorization({ renew: true })).toBe("Basic bmV3");
    expect(ecr.calls()).toBe(2);
  });

  it("does not keep a failure", async () => {
    const ecr = client<ECRClient>([
      () => {
        throw Object.assign(new Error("no"), { name: "AccessDeniedException" });
      },
      () => ({ authorizationData: [token("bmV3")] }),
    ]);
    const { authorization } = privateRegistry(ecr.client);

    await expect(authorization()).rejects.toMatchObject({ code: "ecr-denied" });
    expect(await authorization()).toBe("Basic bmV3");
  });

  it("is an error when the answer holds no token", async () => {
    const ecr = client<ECRClient>([() => ({ authorizationData: [] })]);

    await expect(privateRegistry(ecr.client).authorization()).rejects.toMatchObject({
      code: "ecr-token-missing",
      permanent: false,
    });
  });
});
