import { expect } from "vitest";
import { type ContractCase, onBoth } from "../../support/contract-case.ts";
import { imageWith } from "../../support/contract-images.ts";
import { refusalOf } from "../../support/contract-registry.ts";

const halfADay = 12 * 3600 * 1000;

function expectToken(token: string | undefined, expiresAt: Date | undefined): void {
  expect(Buffer.from(token ?? "", "base64").toString()).toMatch(/^AWS:.+$/s);
  const left = (expiresAt?.getTime() ?? 0) - Date.now();
  expect(left).toBeGreaterThan(halfADay - 5 * 60_000);
  expect(left).toBeLessThanOrEqual(halfADay + 5 * 60_000);
}

/** Authorization tokens, and what the registry hosts say without a good one. */
export const cases: readonly ContractCase[] = [
  {
    name: "gives a list with one token of twelve hours and the registry's address",
    on: "private",
    async run({ ecr }) {
      const { authorizationData } = await ecr.getAuthorizationToken({});
      expect(authorizationData).toHaveLength(1);
      const [data] = authorizationData ?? [];
      expectToken(data?.authorizationToken, data?.expiresAt);
      expect(data?.proxyEndpoint).toMatch(/^https?:\/\/[^/]+$/);
    },
  },
  {
    name: "gives one token of twelve hours",
    on: "public",
    async run({ ecrPublic }) {
      const { authorizationData } = await ecrPublic.getAuthorizationToken({});
      expectToken(authorizationData?.authorizationToken, authorizationData?.expiresAt);
    },
  },
  ...onBoth("lets the holder of a token in", async (context, side) => {
    const host = await context.registry(side);
    const response = await host.send("GET", "/v2/");
    expect(response.status).toBe(200);
    expect(response.headers.get("docker-distribution-api-version")).toBe("registry/2.0");
  }),
  {
    name: "asks for Basic credentials in plain text",
    on: "private",
    async run(context) {
      const host = await context.registry("private");
      const response = await host.send("GET", "/v2/", { authorization: null });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe(
        `Basic realm="https://${new URL(host.url).host}/",service="ecr.amazonaws.com"`,
      );
      expect(await response.text()).toBe("Not Authorized\n");
    },
  },
  {
    name: "asks for a bearer token, and tells where to get one",
    on: "public",
    async run(context) {
      const host = await context.registry("public");
      const response = await host.send("GET", "/v2/", { authorization: null });
      expect(response.headers.get("www-authenticate")).toBe(
        `Bearer realm="${host.url}/token/",service="${new URL(host.url).host}",scope="aws"`,
      );
      expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
      expect(await refusalOf(response)).toEqual({ status: 401, code: "DENIED", message: "Not Authorized" });
    },
  },
  {
    name: "does not know a token that it never gave",
    on: "private",
    async run(context) {
      const host = await context.registry("private");
      const authorization = `Basic ${Buffer.from("AWS:never given").toString("base64")}`;
      const response = await host.send("GET", "/v2/", { authorization });
      expect([401, 403]).toContain(response.status);
    },
  },
  {
    name: "refuses its own token as Basic credentials",
    on: "public",
    async run(context) {
      const host = await context.registry("public");
      const authorization = host.authorization.replace("Bearer", "Basic");
      const told = await refusalOf(await host.send("GET", "/v2/", { authorization }));
      expect(told).toEqual({ status: 403, code: "DENIED", message: "Your Authorization Token is invalid." });
    },
  },
  {
    name: "gives anybody a token to pull with, and nothing to push with",
    on: "public",
    async run(context) {
      const repository = await context.repository("public");
      await repository.push(imageWith("layer"), "v1");
      const { host } = repository;
      const realm = `/token/?service=${new URL(host.url).host}&scope=aws`;
      const answer = await host.send("GET", realm, { authorization: null });
      expect(answer.status).toBe(200);
      const authorization = `Bearer ${((await answer.json()) as { token: string }).token}`;

      expect((await repository.send("GET", "manifests/v1", { authorization })).status).toBe(200);
      expect((await repository.send("GET", "tags/list", { authorization })).status).toBe(200);
      for (const [method, below] of [
        ["POST", "blobs/uploads/"],
        ["PUT", "manifests/v2"],
        ["DELETE", "manifests/v1"],
      ] as const) {
        const refused = await repository.send(method, below, { authorization });
        expect([401, 403]).toContain(refused.status);
      }
      expect((await repository.send("GET", "manifests/v1", { authorization })).status).toBe(200);
    },
  },
];
