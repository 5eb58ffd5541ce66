/** Push of blobs: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs */
import { expect, it } from "vitest";
import { bytesOf, followed, locationOf, refusalOf, withDigest } from "../../support/contract-registry.ts";
import type { ContractRepository } from "../../support/contract-repository.ts";
import { type Part, partOf } from "../../support/image-parts.ts";
import { onEveryHost } from "./every-host.ts";
import { differs } from "./known-differences.ts";

const blob = partOf("the first half|the second half");
const [half, end] = [15, blob.bytes.length];
const octets = { "content-type": "application/octet-stream" };

async function begin({ send }: ContractRepository): Promise<URL> {
  const started = await send("POST", "blobs/uploads/", { headers: { "content-length": "0" } });
  expect(started.status).toBe(202);
  return locationOf(started);
}

function chunk({ host }: ContractRepository, location: URL, first: number, past: number): Promise<Response> {
  const headers = { ...octets, "content-range": `${first}-${past - 1}` };
  return host.send("PATCH", location, { headers, body: blob.bytes.subarray(first, past) });
}

/** The blob is there, whole, at the Location that the answer tells. */
async function expectPushed(repository: ContractRepository, answer: Response, { digest, bytes }: Part = blob) {
  expect(answer.status).toBe(201);
  const got = await followed(await repository.host.send("GET", locationOf(answer)));
  expect((await bytesOf(got)).equals(bytes)).toBe(true);
  expect((await repository.send("HEAD", `blobs/${digest}`)).status).toBe(200);
}

async function expectAbsent({ send }: ContractRepository, digest = blob.digest): Promise<void> {
  expect((await send("HEAD", `blobs/${digest}`)).status).toBe(404);
}

onEveryHost("push of blobs", ({ side, repository, missing, context }) => {
  const patched = differs("upload-patch-status", side) ? 201 : 202;

  it("begins an upload with a session of its own", async () => {
    const at = await repository();
    const [one, two] = [await begin(at), await begin(at)];
    expect(one.href).toMatch(/[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/);
    expect(two.href).not.toBe(one.href);
  });

  it("takes a blob by POST and PUT", async () => {
    const at = await repository();
    const put = await at.host.send("PUT", withDigest(await begin(at), blob.digest), {
      headers: octets,
      body: blob.bytes,
    });
    await expectPushed(at, put);
  });

  it("takes a blob by one POST", async () => {
    const at = await repository();
    const post = await at.send("POST", `blobs/uploads/?digest=${blob.digest}`, { headers: octets, body: blob.bytes });
    await expectPushed(at, post);
  });

  it("takes a blob streamed by one PATCH of unknown length", async () => {
    const at = await repository();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(blob.bytes.subarray(0, half));
        controller.enqueue(blob.bytes.subarray(half));
        controller.close();
      },
    });
    const answer = await at.host.send("PATCH", await begin(at), { headers: octets, body });
    expect(answer.status).toBe(patched);
    await expectPushed(at, await at.host.send("PUT", withDigest(locationOf(answer), blob.digest)));
  });

  it("takes a blob in chunks, and tells how far it is after each", async () => {
    const at = await repository();
    const first = await chunk(at, await begin(at), 0, half);
    expect([first.status, first.headers.get("range")]).toEqual([patched, `0-${half - 1}`]);
    const second = await chunk(at, locationOf(first), half, end);
    const told = differs("upload-patch-range", side) ? half : end;
    expect([second.status, second.headers.get("range")]).toEqual([patched, `0-${told - 1}`]);
    await expectPushed(at, await at.host.send("PUT", withDigest(locationOf(second), blob.digest)));
  });

  it("takes the last chunk with the PUT that closes the upload", async () => {
    const at = await repository();
    const first = await chunk(at, await begin(at), 0, half);
    const headers = { ...octets, "content-range": `${half}-${end - 1}` };
    const body = blob.bytes.subarray(half);
    await expectPushed(at, await at.host.send("PUT", withDigest(locationOf(first), blob.digest), { headers, body }));
  });

  it("refuses a chunk that does not continue the upload, tells where it stands, and can be resumed there", async () => {
    const at = await repository();
    const location = await begin(at);
    expect((await chunk(at, location, half, end)).status).toBe(416);
    const first = await chunk(at, location, 0, half);
    expect((await chunk(at, locationOf(first), 0, half)).status).toBe(416);

    const status = await at.host.send("GET", locationOf(first));
    expect([status.status, status.headers.get("range")]).toEqual([204, `0-${half - 1}`]);
    const second = await chunk(at, locationOf(status), half, end);
    expect(second.status).toBe(patched);
    const after = await at.host.send("GET", locationOf(second));
    expect([after.status, after.headers.get("range")]).toEqual([204, `0-${end - 1}`]);
    await expectPushed(at, await at.host.send("PUT", withDigest(locationOf(after), blob.digest)));
  });

  it("refuses a last chunk that does not continue the upload", async () => {
    const at = await repository();
    const first = await chunk(at, await begin(at), 0, half);
    const headers = { ...octets, "content-range": `${half + 1}-${end - 1}` };
    const body = blob.bytes.subarray(half + 1);
    const put = await at.host.send("PUT", withDigest(locationOf(first), blob.digest), { headers, body });
    expect(put.status).toBe(416);
    await expectAbsent(at);
  });

  it.each([
    [
      "one POST",
      (at: ContractRepository, digest: string) =>
        at.send("POST", `blobs/uploads/?digest=${digest}`, { headers: octets, body: blob.bytes }),
    ],
    [
      "POST and PUT",
      async (at: ContractRepository, digest: string) =>
        at.host.send("PUT", withDigest(await begin(at), digest), { headers: octets, body: blob.bytes }),
    ],
    [
      "chunks",
      async (at: ContractRepository, digest: string) =>
        at.host.send("PUT", withDigest(locationOf(await chunk(at, await begin(at), 0, end)), digest)),
    ],
  ])("refuses a blob under another digest, by %s", async (_way, push) => {
    const at = await repository();
    const { digest } = partOf("other bytes");
    expect(await refusalOf(await push(at, digest))).toMatchObject({ status: 400, code: "DIGEST_INVALID" });
    await expectAbsent(at, digest);
    await expectAbsent(at);
  });

  it("refuses to close an upload without a digest, or with what is none", async () => {
    const at = await repository();
    const location = locationOf(await chunk(at, await begin(at), 0, end));
    expect((await at.host.send("PUT", location)).status).toBe(400);
    expect(await refusalOf(await at.host.send("PUT", withDigest(location, "sha256:totallywrong")))).toMatchObject({
      status: 400,
      code: "DIGEST_INVALID",
    });
  });

  it("takes a blob that is there already", async () => {
    const at = await repository();
    await at.sendBlob(blob);
    const put = await at.host.send("PUT", withDigest(await begin(at), blob.digest), {
      headers: octets,
      body: blob.bytes,
    });
    await expectPushed(at, put);
  });

  it("takes a blob of no bytes", async () => {
    const at = await repository();
    const empty = partOf("");
    await expectPushed(at, await at.host.send("PUT", withDigest(await begin(at), empty.digest)), empty);
  });

  it("knows no upload that was never begun, was closed, or is of another repository", async () => {
    const [at, other] = [await repository(), await repository()];
    const location = await begin(at);
    const never = new URL(location.href.replace(/[0-9a-fA-F-]{36}/, "00000000-0000-4000-8000-000000000000"));
    const elsewhere = new URL(location.href.replace(at.name, other.name));
    await at.host.send("PUT", withDigest(location, blob.digest), { headers: octets, body: blob.bytes });
    for (const unknown of [never, location, elsewhere]) {
      const told = { status: 404, code: "BLOB_UPLOAD_UNKNOWN" };
      expect(await refusalOf(await chunk(at, unknown, 0, half))).toMatchObject(told);
      expect(await refusalOf(await at.host.send("PUT", withDigest(unknown, blob.digest)))).toMatchObject(told);
      expect(await refusalOf(await at.host.send("GET", unknown))).toMatchObject(told);
    }
  });

  it("keeps the blobs of one repository from the others", async () => {
    const [at, other] = [await repository(), await repository()];
    await at.sendBlob(blob);
    await expectAbsent(other);
    expect((await other.send("GET", `blobs/${blob.digest}`)).status).toBe(404);
  });

  it("begins an upload when it is to mount a blob from nowhere", async () => {
    const at = await repository();
    const started = await at.send("POST", `blobs/uploads/?mount=${blob.digest}`);
    expect(started.status).toBe(202);
    await expectPushed(
      at,
      await at.host.send("PUT", withDigest(locationOf(started), blob.digest), { headers: octets, body: blob.bytes }),
    );
  });

  it("begins an upload when it is to mount a blob that is not there, or from a repository that is not", async () => {
    const [at, source] = [await repository(), await repository()];
    const name = source.path.slice("/v2/".length);
    for (const from of [name, `${name}-missing`]) {
      const started = await at.send("POST", `blobs/uploads/?mount=${blob.digest}&from=${encodeURIComponent(from)}`);
      expect(started.status).toBe(202);
      expect(locationOf(started).href).toContain("/blobs/uploads/");
    }
    await expectAbsent(at);
  });

  it("mounts a blob of another repository, or begins an upload", async () => {
    const [at, source] = [await repository(), await repository()];
    await source.sendBlob(blob);
    const from = source.path.slice("/v2/".length);
    const mounted = await at.send("POST", `blobs/uploads/?mount=${blob.digest}&from=${encodeURIComponent(from)}`);
    if (mounted.status === 201) return expectPushed(at, mounted);
    expect(mounted.status).toBe(202);
    await expectPushed(
      at,
      await at.host.send("PUT", withDigest(locationOf(mounted), blob.digest), { headers: octets, body: blob.bytes }),
    );
  });

  it("takes no push to a repository that is not there", async () => {
    const { path, host } = await missing();
    const started = await host.send("POST", `${path}/blobs/uploads/`);
    expect(started.status).toBe(differs("push-to-missing-repository", side) ? 404 : 202);
    expect((await refusalOf(started)).code).toBe("NAME_UNKNOWN");
    const digest = partOf("{}").digest;
    expect((await host.send("PUT", `${path}/manifests/${digest}`, { body: "{}" })).status).toBe(404);
  });

  it("begins no upload for whoever has no credentials", async () => {
    const at = await context().repository(side);
    const started = await at.send("POST", "blobs/uploads/", { authorization: null });
    expect(started.status).toBe(401);
  });
});
