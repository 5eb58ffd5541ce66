/** Push of blobs: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs */
import { expect, it } from "vitest";
import { locationOf, refusalOf, withDigest } from "../../support/contract-registry.ts";
import type { ContractRepository } from "../../support/contract-repository.ts";
import { partOf } from "../../support/image-parts.ts";
import { onEveryHost } from "./every-host.ts";
import { differs } from "./known-differences.ts";
import { begin, blob, chunk, end, expectAbsent, expectPushed, octets } from "./upload.ts";

onEveryHost("push of blobs", ({ side, repository, missing, context }) => {
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
    expect(await refusalOf(await push(at, digest))).toMatchObject(
      differs("blob-digest-code", side)
        ? {
            status: 400,
            code: "BLOB_UPLOAD_INVALID",
            message: "None of the provided layer digests match the calculated layer digest",
          }
        : { status: 400, code: "DIGEST_INVALID" },
    );
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
