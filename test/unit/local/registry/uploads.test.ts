import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { digestOf } from "../ecr/image-content.ts";
import { alias, newRepository, type RegistryHosts, refusal, startRegistry } from "./start-registry.ts";

async function withRepositories() {
  const hosts = await startRegistry();
  await hosts.store.private.createRepository(newRepository("web"));
  await hosts.store.public.createRepository(newRepository("web"));
  return hosts;
}

/** A stream of a body with no length told. */
const streamed = (text: string) =>
  ({ body: new Blob([text]).stream(), duplex: "half" }) as unknown as { body: ReadableStream };
const range = (text: string) => ({ headers: { "content-range": text } });
/** The least that ECR takes as a chunk before the last. */
const smallest = 5 * 1024 * 1024;

async function begin(hosts: RegistryHosts, side: "private" | "public", name: string): Promise<string> {
  const response = await hosts.call(side, "POST", `/v2/${name}/blobs/uploads/`);
  return response.headers.get("location") ?? "";
}

describe.each([
  ["private", "web"],
  ["public", `${alias}/web`],
] as const)("an upload at the %s host", (side, name) => {
  it("begins with 202 and the place for the bytes", async () => {
    const { call, urls } = await withRepositories();

    const response = await call(side, "POST", `/v2/${name}/blobs/uploads/`);

    const id = response.headers.get("docker-upload-uuid");
    expect(response.status).toBe(202);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get("location")).toBe(`${urls[side]}/v2/${name}/blobs/uploads/${id}`);
    expect(response.headers.get("range")).toBe("0-0");
  });

  it("goes in chunks: each 201, the Range that of the first, the true one on asking", async () => {
    const hosts = await withRepositories();
    const place = await begin(hosts, side, name);

    const bytes = randomBytes(2 * smallest + 1);
    const digest = digestOf(bytes);
    const chunk = (start: number, end: number) => ({
      ...range(`${start}-${end - 1}`),
      body: new Uint8Array(bytes.subarray(start, end)),
    });

    const first = await hosts.call(side, "PATCH", place, chunk(0, smallest));
    const second = await hosts.call(side, "PATCH", place, chunk(smallest, 2 * smallest));
    const state = await hosts.call(side, "GET", place);
    const put = await hosts.call(side, "PUT", `${place}?digest=${digest}`, chunk(2 * smallest, bytes.length));

    const told = `0-${smallest - 1}`;
    expect([first.status, first.headers.get("range"), first.headers.get("location")]).toEqual([201, told, place]);
    expect([second.status, second.headers.get("range")]).toEqual([201, told]);
    expect([state.status, state.headers.get("range")]).toEqual([204, `0-${2 * smallest - 1}`]);
    expect([put.status, put.headers.get("docker-content-digest")]).toEqual([201, digest]);
    expect(put.headers.get("location")).toBe(`${hosts.urls[side]}/v2/${name}/blobs/${digest}`);
    expect(hosts.store[side].blob("web", digest)).toEqual({ size: bytes.length });
  });

  it("cannot end when a chunk before the last was below 5 MiB", async () => {
    const hosts = await withRepositories();
    const place = await begin(hosts, side, name);
    await hosts.call(side, "PATCH", place, { ...range("0-4"), body: "hello" });

    const put = await hosts.call(side, "PUT", `${place}?digest=${digestOf("hello!")}`, { ...range("5-5"), body: "!" });

    expect(await refusal(put)).toEqual({
      status: 400,
      code: "BLOB_UPLOAD_INVALID",
      message: "All layer parts except the last part should be at least 5MB",
    });
    expect(hosts.trail.at(-1)).toMatchObject({
      call: { operation: "CompleteLayerUpload" },
      error: { code: "LayerPartTooSmallException" },
    });
  });

  it("goes as one stream of no told length", async () => {
    const hosts = await withRepositories();
    const place = await begin(hosts, side, name);

    const patched = await hosts.call(side, "PATCH", place, streamed("hello world"));
    const put = await hosts.call(side, "PUT", `${place}?digest=${digestOf("hello world")}`);

    expect([patched.status, patched.headers.get("range"), put.status]).toEqual([201, "0-10", 201]);
  });

  it.each([
    ["by PUT alone", { body: "hello" }],
    ["by PUT alone, streamed", streamed("hello")],
  ])("goes %s", async (_, init) => {
    const hosts = await withRepositories();
    const place = await begin(hosts, side, name);

    const put = await hosts.call(side, "PUT", `${place}?digest=${digestOf("hello")}`, init);

    expect(put.status).toBe(201);
    expect(hosts.store[side].blob("web", digestOf("hello"))).toEqual({ size: 5 });
  });

  it("goes by POST alone", async () => {
    const hosts = await withRepositories();

    const posted = await hosts.call(side, "POST", `/v2/${name}/blobs/uploads/?digest=${digestOf("hello")}`, {
      body: "hello",
    });

    expect(posted.status).toBe(201);
    expect(posted.headers.get("location")).toBe(`${hosts.urls[side]}/v2/${name}/blobs/${digestOf("hello")}`);
  });

  it("makes a blob of no bytes", async () => {
    const hosts = await withRepositories();
    const place = await begin(hosts, side, name);

    expect((await hosts.call(side, "PUT", `${place}?digest=${digestOf("")}`)).status).toBe(201);
    expect(hosts.store[side].blob("web", digestOf(""))).toEqual({ size: 0 });
  });

  it("takes a blob that is there again", async () => {
    const hosts = await withRepositories();
    for (let time = 0; time < 2; time += 1) {
      const place = await begin(hosts, side, name);
      expect((await hosts.call(side, "PUT", `${place}?digest=${digestOf("hello")}`, { body: "hello" })).status).toBe(
        201,
      );
    }
  });

  it("refuses a chunk out of order with 416, and goes on where it was", async () => {
    const hosts = await withRepositories();
    const place = await begin(hosts, side, name);
    await hosts.call(side, "PATCH", place, { ...range("0-4"), body: "hello" });

    const early = await hosts.call(side, "PATCH", place, { ...range("6-10"), body: "world" });
    const again = await hosts.call(side, "PATCH", place, { ...range("0-4"), body: "hello" });
    const next = await hosts.call(side, "PATCH", place, { ...range("5-9"), body: "world" });

    expect(await refusal(early)).toMatchObject({ status: 416, code: "BLOB_UPLOAD_INVALID" });
    expect([again.status, next.status]).toEqual([416, 201]);
  });

  it.each(["hello", "5-3", "0-9", "1"])("refuses the Content-Range '%s' for five bytes", async (text) => {
    const hosts = await withRepositories();
    const place = await begin(hosts, side, name);

    expect(await refusal(await hosts.call(side, "PATCH", place, { ...range(text), body: "hello" }))).toEqual({
      status: 400,
      code: "BLOB_UPLOAD_INVALID",
      message: `Content-Range '${text}' is not that of the 5 bytes`,
    });
  });

  it("refuses an end without a digest, with a wrong one and with none that could be", async () => {
    const hosts = await withRepositories();
    const place = await begin(hosts, side, name);

    const without = await hosts.call(side, "PUT", place, { body: "hello" });
    const unheard = await hosts.call(side, "PUT", `${place}?digest=md5:12`);
    const wrong = await hosts.call(side, "PUT", `${place}?digest=${digestOf("other")}`, { body: "hello" });

    const told = { status: 400, code: "DIGEST_INVALID" };
    for (const response of [without, unheard]) expect(await refusal(response)).toMatchObject(told);
    expect(await refusal(wrong)).toEqual({
      status: 400,
      code: "BLOB_UPLOAD_INVALID",
      message: "None of the provided layer digests match the calculated layer digest",
    });
    expect((await hosts.call(side, "GET", place)).status).toBe(404);
  });

  it("refuses an end without any bytes", async () => {
    const hosts = await withRepositories();
    const place = await begin(hosts, side, name);

    const refused = await refusal(await hosts.call(side, "PUT", `${place}?digest=${digestOf("hello")}`));

    expect(refused).toMatchObject({ status: 400, code: "BLOB_UPLOAD_INVALID" });
  });

  it("is over once it is cancelled", async () => {
    const hosts = await withRepositories();
    const place = await begin(hosts, side, name);

    const cancelled = await hosts.call(side, "DELETE", place);

    expect(cancelled.status).toBe(204);
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const refused = await refusal(await hosts.call(side, method, place, method === "PATCH" ? { body: "x" } : {}));
      expect(refused).toMatchObject({ status: 404, code: "BLOB_UPLOAD_UNKNOWN" });
    }
  });

  it("keeps what came before the connection broke", async () => {
    const hosts = await withRepositories();
    const place = await begin(hosts, side, name);
    const half = randomBytes(smallest);
    const id = place.split("/").at(-1) ?? "";
    const headers = { authorization: hosts.authorization(side), "content-length": half.length * 2 };

    const broken = request(place, { method: "PATCH", headers });
    broken.on("error", () => {});
    broken.write(half);
    await vi.waitFor(() => expect(hosts.store[side].uploadSize("web", id)).toBe(half.length));
    broken.destroy();
    await vi.waitFor(() => expect(hosts.trail.at(-1)?.call.operation).toBe("UploadLayerPart"));

    const rest = await hosts.call(side, "PUT", `${place}?digest=${digestOf(Buffer.concat([half, half]))}`, {
      ...range(`${half.length}-${half.length * 2 - 1}`),
      body: new Uint8Array(half),
    });
    expect(rest.status).toBe(201);
    expect(hosts.defects).toEqual([]);
  });
});

describe("an upload", () => {
  it("meets the repository's absence as docker prints it", async () => {
    const hosts = await startRegistry();

    const refused = await refusal(await hosts.call("private", "POST", "/v2/team-a/web/blobs/uploads/"));

    expect(refused).toEqual({
      status: 404,
      code: "NAME_UNKNOWN",
      message: "The repository with name 'team-a/web' does not exist in the registry with id '123456789012'",
    });
    expect(hosts.trail[0]?.error?.code).toBe("RepositoryNotFoundException");
  });

  it.each(["Team/web", "a", "web/", "-x/y", "a__b___c"])("refuses the name '%s'", async (name) => {
    const hosts = await startRegistry();

    const refused = await refusal(await hosts.call("private", "POST", `/v2/${name}/blobs/uploads/`));

    expect(refused).toMatchObject({ status: 400, code: "NAME_INVALID" });
    expect(refused.message).toMatch(/^Invalid parameter at 'repositoryName' failed to satisfy constraint: /);
  });

  it("may not be larger than the service allows", async () => {
    const hosts = await withRepositories();
    const place = await begin(hosts, "public", `${alias}/web`);
    const headers = { authorization: hosts.authorization("public"), "content-length": 10_000 * 1024 * 1024 + 1 };

    const told = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const patch = request(place, { method: "PATCH", headers }, async (response) => {
        const body = Buffer.concat(await response.toArray()).toString();
        patch.destroy();
        resolve({ status: response.statusCode, body });
      });
      patch.on("error", reject);
      patch.flushHeaders();
    });

    expect(told).toEqual({
      status: 403,
      body: '{"errors":[{"code":"DENIED","message":"The layer is larger than the maximum layer size of 10000 MiB"}]}\n',
    });
  });
});
