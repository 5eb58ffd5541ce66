import { describe, expect, it } from "vitest";
import { imageOf } from "../ecr/image-content.ts";
import { alias, newRepository, pushImage, refusal, startRegistry } from "./start-registry.ts";

const halfADay = 12 * 3600 * 1000;
const plain = (authorization?: string) => ({ headers: { authorization: authorization ?? "" } });

/** One request, by default without the header. */
function ask(url: string, path: string, authorization?: string, method = "GET") {
  return fetch(`${url}${path}`, { method, headers: authorization === undefined ? {} : { authorization } });
}

describe("the private host", () => {
  it("challenges for Basic and says in plain text that nobody is authorized", async () => {
    const { urls, account } = await startRegistry();

    const response = await ask(urls.private, "/v2/");

    expect(response.status).toBe(401);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "docker-distribution-api-version": "registry/2.0",
      "www-authenticate": `Basic realm="https://${account.privateHost()}/",service="ecr.amazonaws.com"`,
      "content-type": "text/plain; charset=utf-8",
    });
    expect(await response.text()).toBe("Not Authorized\n");
  });

  it("takes the authorization token as Basic", async () => {
    const { call } = await startRegistry();

    const response = await call("private", "GET", "/v2/");

    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(response.headers.get("docker-distribution-api-version")).toBe("registry/2.0");
    expect((await call("private", "GET", "/v2")).status).toBe(200);
  });

  it("refuses an expired token with 403", async () => {
    const { call, pass } = await startRegistry();

    pass(halfADay);

    expect(await refusal(await call("private", "GET", "/v2/"))).toEqual({
      status: 403,
      code: "DENIED",
      message: "Your authorization token has expired. Reauthenticate and try again.",
    });
  });

  it.each([
    ["a token never given", () => "Basic bm9ib2R5OnRoZXJl"],
    ["another scheme", (token: string) => `Bearer ${token}`],
    ["no scheme", () => "garbage"],
    ["nothing", () => ""],
  ])("challenges again for %s", async (_, header) => {
    const { urls, token } = await startRegistry();

    expect((await ask(urls.private, "/v2/", header(token("private")))).status).toBe(401);
  });

  it("does not take a token of the public registry", async () => {
    const { urls, token } = await startRegistry();

    expect((await ask(urls.private, "/v2/", `Basic ${token("public")}`)).status).toBe(401);
  });
});

describe("the public host", () => {
  it("challenges for a bearer of its own realm", async () => {
    const { urls, account } = await startRegistry();

    const response = await ask(urls.public, "/v2/");

    const service = account.publicHost();
    expect(response.headers.get("www-authenticate")).toBe(
      `Bearer realm="${urls.public}/token/",service="${service}",scope="aws"`,
    );
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect([response.status, await response.text()]).toEqual([
      401,
      '{"errors":[{"code":"DENIED","message":"Not Authorized"}]}\n',
    ]);
  });

  it("gives anybody a token to pull with, and for nothing else", async () => {
    const hosts = await startRegistry();
    await hosts.store.public.createRepository(newRepository("web"));
    const image = imageOf(["layer"]);
    await pushImage(hosts, "public", `${alias}/web`, image, "v1");

    const given = await ask(hosts.urls.public, `/token/?service=x&scope=repository:${alias}/web:pull`);
    const { token } = (await given.json()) as { token: string };
    const anonymous = plain(`Bearer ${token}`);
    const path = `/v2/${alias}/web`;
    const layer = image.blobs[0]?.digest ?? "";

    const reads = ["manifests/v1", "tags/list", `blobs/${layer}`, `referrers/${image.digest}`];
    const statuses = await Promise.all(
      reads.map(async (read) => (await hosts.call("public", "GET", `${path}/${read}`, anonymous)).status),
    );
    expect(statuses).toEqual([200, 200, 307, 200]);
    expect((await hosts.call("public", "HEAD", `${path}/blobs/${layer}`, anonymous)).status).toBe(200);
    const writes = [
      ["POST", "blobs/uploads/"],
      ["PUT", "manifests/v2"],
      ["DELETE", "manifests/v1"],
      ["DELETE", `blobs/${layer}`],
      ["GET", "blobs/uploads/00000000-0000-4000-8000-000000000000"],
    ] as const;
    for (const [method, what] of writes) {
      const refused = await refusal(await hosts.call("public", method, `${path}/${what}`, anonymous));
      expect(refused).toEqual({ status: 401, code: "DENIED", message: "Not Authorized" });
    }
  });

  it("takes the authorization token as a bearer, as it is and as /token/ gives it back", async () => {
    const { urls, token } = await startRegistry();
    const raw = token("public");

    const exchanged = (await (await ask(urls.public, "/token", `Basic ${raw}`)).json()) as { token: string };

    expect((await ask(urls.public, "/v2/", `Bearer ${raw}`)).status).toBe(200);
    expect((await ask(urls.public, "/v2/", `Bearer ${exchanged.token}`)).status).toBe(200);
  });

  it("refuses the token as Basic, and a bearer that nobody holds", async () => {
    const { urls, token } = await startRegistry();
    const invalid = { code: "DENIED", message: "Your Authorization Token is invalid." };

    expect(await refusal(await ask(urls.public, "/v2/", `Basic ${token("public")}`))).toEqual({
      status: 403,
      ...invalid,
    });
    expect(await refusal(await ask(urls.public, "/v2/", "Bearer abc"))).toEqual({ status: 400, ...invalid });
    expect(await refusal(await ask(urls.public, "/token/", "Basic abc"))).toEqual({ status: 403, ...invalid });
  });

  it("answers expired tokens with 400 and no challenge", async () => {
    const { urls, token, pass } = await startRegistry();
    const { token: anonymous } = (await (await ask(urls.public, "/token/")).json()) as { token: string };
    const held = token("public");

    pass(halfADay + 1);

    for (const bearer of [anonymous, held]) {
      const response = await ask(urls.public, "/v2/", `Bearer ${bearer}`);
      expect(response.headers.get("www-authenticate")).toBeNull();
      expect(await refusal(response)).toMatchObject({ status: 400, code: "DENIED" });
    }
  });
});
