/** Pull: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pull */
import { expect, it } from "vitest";
import { artifactOf, emptyJson, imageWith, indexWith } from "../../support/contract-images.ts";
import { bytesOf, followed, refusalOf } from "../../support/contract-registry.ts";
import { partOf } from "../../support/image-parts.ts";
import { onEveryHost } from "./every-host.ts";
import { differs } from "./known-differences.ts";

const image = imageWith("layer");
const absent = partOf("absent");
/** The official suite's: no tag begins with a dot. */
const noTag = ".INVALID_MANIFEST_NAME";

onEveryHost("pull", ({ side, repository, missing, context }) => {
  it("supports the API", async () => {
    const host = await context().registry(side);
    expect((await host.send("GET", "/v2/")).status).toBe(200);
  });

  it("tells that a blob is there, with its size and digest", async () => {
    const { send, sendBlob } = await repository();
    const blob = partOf("some bytes");
    await sendBlob(blob);
    const head = await send("HEAD", `blobs/${blob.digest}`);
    expect(head.status).toBe(200);
    expect(head.headers.get("content-length")).toBe("10");
    expect(head.headers.get("docker-content-digest")).toBe(blob.digest);
    expect(await head.text()).toBe("");
  });

  it("gives a blob, whether or not a manifest refers to it", async () => {
    const { send, sendBlob } = await repository();
    const blob = partOf(Buffer.alloc(100_000, "0123456789"));
    await sendBlob(blob);
    const answer = await send("GET", `blobs/${blob.digest}`);
    expect(answer.status).toBe(differs("blob-get-redirect", side) ? 307 : 200);
    const got = await followed(answer);
    expect(got.status).toBe(200);
    expect(got.headers.get("content-length")).toBe("100000");
    expect((await bytesOf(got)).equals(blob.bytes)).toBe(true);
  });

  it.each([
    ["no bytes", partOf("")],
    ["an empty JSON object", emptyJson],
  ])("gives a blob of %s", async (_what, blob) => {
    const { send, sendBlob } = await repository();
    await sendBlob(blob);
    expect((await send("HEAD", `blobs/${blob.digest}`)).headers.get("content-length")).toBe(`${blob.bytes.length}`);
    const got = await followed(await send("GET", `blobs/${blob.digest}`));
    expect(got.status).toBe(200);
    expect((await bytesOf(got)).equals(blob.bytes)).toBe(true);
  });

  it.each([
    ["bytes=500-1499", 500, 1500],
    ["bytes=500-", 500, 2048],
    ["bytes=-500", 1548, 2048],
    ["bytes=2000-5000", 2000, 2048],
    ["bytes=0-0", 0, 1],
  ])("gives the range %s of a blob", async (range, start, end) => {
    const { send, sendBlob } = await repository();
    const blob = partOf(Buffer.from(Array.from({ length: 2048 }, (_, index) => index % 251)));
    await sendBlob(blob);
    const got = await followed(await send("GET", `blobs/${blob.digest}`, { headers: { range } }), { range });
    expect(got.status).toBe(206);
    expect(got.headers.get("content-length")).toBe(`${end - start}`);
    expect(got.headers.get("content-range")).toBe(`bytes ${start}-${end - 1}/2048`);
    expect((await bytesOf(got)).equals(blob.bytes.subarray(start, end))).toBe(true);
  });

  it("has no range beyond the end of a blob", async () => {
    const { send, sendBlob } = await repository();
    const blob = partOf("short");
    await sendBlob(blob);
    const range = "bytes=5000-10000";
    const got = await followed(await send("GET", `blobs/${blob.digest}`, { headers: { range } }), { range });
    expect(got.status).toBe(416);
  });

  it("has no blob that was not pushed", async () => {
    const { send } = await repository();
    expect((await send("HEAD", `blobs/${absent.digest}`)).status).toBe(404);
    const refused = await refusalOf(await send("GET", `blobs/${absent.digest}`));
    expect(refused).toMatchObject({ status: 404, code: "BLOB_UNKNOWN" });
  });

  it("gives a manifest as it was pushed, by tag and by digest", async () => {
    const { send, sendImage } = await repository();
    await sendImage(image, "v1");
    for (const reference of ["v1", image.digest]) {
      const got = await send("GET", `manifests/${reference}`, { headers: { accept: image.mediaType } });
      expect(got.status).toBe(200);
      expect(got.headers.get("content-type")).toBe(image.mediaType);
      expect(got.headers.get("docker-content-digest")).toBe(differs("manifest-get-digest", side) ? null : image.digest);
      expect((await bytesOf(got)).equals(image.bytes)).toBe(true);
    }
  });

  it("tells that a manifest is there, with its type, size and digest", async () => {
    const { send, sendImage } = await repository();
    await sendImage(image, "v1");
    for (const reference of ["v1", image.digest]) {
      const head = await send("HEAD", `manifests/${reference}`, { headers: { accept: image.mediaType } });
      expect(head.status).toBe(200);
      expect(head.headers.get("content-type")).toBe(image.mediaType);
      expect(head.headers.get("content-length")).toBe(`${image.bytes.length}`);
      expect(head.headers.get("docker-content-digest")).toBe(image.digest);
      expect(await head.text()).toBe("");
    }
  });

  it("gives an index, and an index of indexes, with everything below", async () => {
    const { send, sendImage } = await repository();
    const inner = indexWith([imageWith("amd64"), imageWith("arm64")]);
    const outer = indexWith([inner, artifactOf("sbom", { artifactType: "application/vnd.example.sbom" })]);
    await sendImage(outer, "all");
    for (const manifest of [outer, ...outer.children, ...inner.children]) {
      const got = await send("GET", `manifests/${manifest.digest}`, { headers: { accept: manifest.mediaType } });
      expect(got.headers.get("content-type")).toBe(manifest.mediaType);
      expect((await bytesOf(got)).equals(manifest.bytes)).toBe(true);
    }
  });

  it.each([
    ["a tag", "v1"],
    ["a digest", absent.digest],
    ["what can be no tag", noTag],
  ])("has no manifest under %s that was not pushed", async (_what, reference) => {
    const { send } = await repository();
    expect((await send("HEAD", `manifests/${reference}`)).status).toBe(404);
    const refused = await refusalOf(await send("GET", `manifests/${reference}`));
    expect(refused).toMatchObject({ status: 404, code: "MANIFEST_UNKNOWN" });
  });

  it("refuses what is no digest, in the form of the specification", async () => {
    const { send } = await repository();
    for (const below of ["manifests/sha256:totallywrong", "blobs/sha256:totallywrong"]) {
      const refused = await refusalOf(await send("GET", below));
      expect(refused).toMatchObject({ status: 400, code: "DIGEST_INVALID", message: expect.stringMatching(/./) });
    }
  });

  it("has nothing in a repository that is not there", async () => {
    const { path, host } = await missing();
    for (const below of ["manifests/v1", `manifests/${absent.digest}`, `blobs/${absent.digest}`]) {
      expect((await host.send("HEAD", `${path}/${below}`)).status).toBe(404);
      const refused = await refusalOf(await host.send("GET", `${path}/${below}`));
      expect(refused).toMatchObject({ status: 404, code: "NAME_UNKNOWN" });
    }
  });

  it("asks whoever has no credentials for some", async () => {
    const { send } = await repository();
    const refused = await send("GET", "manifests/v1", { authorization: null });
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toMatch(side === "private" ? /^Basic / : /^Bearer /);
    const body = await refused.text();
    expect(body.includes("UNAUTHORIZED")).toBe(!differs("unauthorized-code", side));
  });

  it("does not take credentials that it never gave", async () => {
    const { send } = await repository();
    const scheme = side === "private" ? "Basic" : "Bearer";
    const authorization = `${scheme} ${Buffer.from("AWS:never given").toString("base64")}`;
    const refused = await send("GET", "manifests/v1", { authorization });
    const is400 = differs("bad-bearer-status", side);
    expect(refused.status).toBe(is400 ? 400 : 401);
    expect(refused.headers.has("www-authenticate")).toBe(!is400);
  });
});
