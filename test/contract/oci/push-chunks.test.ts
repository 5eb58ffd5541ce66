/** Push of blobs by PATCH: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks */
import { expect, it } from "vitest";
import { locationOf, refusalOf, withDigest } from "../../support/contract-registry.ts";
import { partOf } from "../../support/image-parts.ts";
import { onEveryHost } from "./every-host.ts";
import { differs } from "./known-differences.ts";
import { begin, blob, chunk, end, expectAbsent, expectPushed, half, octets } from "./upload.ts";

onEveryHost("push of chunks", ({ side, repository }) => {
  const patched = differs("upload-patch-status", side) ? 201 : 202;

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

  it("tells the smallest chunk that it takes, or does not", async () => {
    const at = await repository();
    const small = partOf("small chunks");
    const started = await at.send("POST", "blobs/uploads/", { headers: { "content-length": "0" } });
    const isTold = started.headers.has("oci-chunk-min-length");
    const first = await at.host.send("PATCH", locationOf(started), {
      headers: { ...octets, "content-range": "0-4" },
      body: small.bytes.subarray(0, 5),
    });
    expect(first.status).toBe(patched);
    const put = await at.host.send("PUT", withDigest(locationOf(first), small.digest), {
      headers: { ...octets, "content-range": "5-11" },
      body: small.bytes.subarray(5),
    });
    if (!differs("upload-chunk-minimum", side)) return isTold || expectPushed(at, put, small);
    expect(isTold).toBe(false);
    expect(await refusalOf(put)).toEqual({
      status: 400,
      code: "BLOB_UPLOAD_INVALID",
      message: "All layer parts except the last part should be at least 5MB",
    });
    await expectAbsent(at, small.digest);
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
});
