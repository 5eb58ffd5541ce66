import { once } from "node:events";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { permanent, transient } from "#shared/errors.ts";
import { createRegistryClient } from "#shared/registry/client.ts";
import type { OpenBlob } from "#shared/registry/download.ts";
import { createSend } from "#shared/registry/http.ts";
import { type Part, partOf, sha256 } from "../../../support/image-parts.ts";
import { ociError } from "../../../support/scripted-faults.ts";
import type { ScriptedRegistry } from "../../../support/scripted-registry.ts";
import { clientOf, startRegistry } from "./set-up.ts";

const part = partOf(Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251)));
const blob = { digest: part.digest, size: part.bytes.length };
const PATCH = "PATCH a/blobs/uploads/";

/** Opens a blob from memory; `breaks`: at which byte each opening breaks off. Records where it was opened. */
function opener({ bytes }: Part = part, breaks: readonly number[] = []) {
  const starts: number[] = [];
  const open: OpenBlob = async (start) => {
    starts.push(start);
    const end = breaks[starts.length - 1];
    return Readable.from(
      (async function* () {
        for (let at = start; at < (end ?? bytes.length); at += 10_000) {
          yield bytes.subarray(at, Math.min(at + 10_000, end ?? bytes.length));
        }
        if (end !== undefined) throw new Error("reset by the peer");
      })(),
    );
  };
  return { starts, open };
}

const stored = (registry: ScriptedRegistry) => registry.repository("a").blobs.get(blob.digest)?.read(0);

describe("an upload", () => {
  it("is one POST, one PATCH with its length, and one PUT with the digest", async () => {
    const registry = await startRegistry();

    await clientOf(registry).uploadBlob("a", blob, opener().open);

    expect(registry.lines()).toEqual(["POST a/blobs/uploads/", `${PATCH}1`, "PUT a/blobs/uploads/1"]);
    expect(registry.requests[1]?.headers).toMatchObject({ "content-length": "300000" });
    expect(registry.requests[1]?.headers).not.toHaveProperty("transfer-encoding");
    expect(stored(registry)).toEqual(part.bytes);
  });

  it("goes where the Location says, whose query stays as it is", async () => {
    const registry = await startRegistry();

    await clientOf(registry).uploadBlob("a", blob, opener().open);

    expect(registry.requests.map(({ query }) => query)).toEqual([
      "",
      "?_state=a%2Bb%20c",
      `?_state=a%2Bb%20c&digest=${encodeURIComponent(blob.digest)}`,
    ]);
  });

  it("may be answered with 201 on its PATCH, and a Range of the first chunk, as ECR does", async () => {
    const registry = await startRegistry({ manners: "ecr" });

    await clientOf(registry).uploadBlob("a", blob, opener().open);

    expect(stored(registry)).toEqual(part.bytes);
  });

  it("of no bytes opens nothing", async () => {
    const registry = await startRegistry();
    const { starts, open } = opener();
    const empty = { digest: sha256(Buffer.alloc(0)), size: 0 };

    await clientOf(registry).uploadBlob("a", empty, open);

    expect(starts).toEqual([]);
    expect(registry.requests[1]?.headers).toMatchObject({ "content-length": "0" });
    expect(registry.repository("a").blobs.get(empty.digest)).toMatchObject({ size: 0 });
  });

  it.each(["POST", "PATCH"])("is not carried on at another host, whose address came with the %s", async (method) => {
    const registry = await startRegistry();
    const elsewhere = await startRegistry();
    const location = `${elsewhere.url}/v2/a/blobs/uploads/1`;
    registry.on(method, /./, { answer: 202, headers: { location } });

    await expect(clientOf(registry).uploadBlob("a", blob, opener().open)).rejects.toMatchObject({
      code: "registry-refused",
      permanent: true,
      message: expect.stringContaining(`to another host: ${location}`),
    });
    expect(elsewhere.requests).toEqual([]);
  });

  it("without a Location is begun again, and given up", async () => {
    const registry = await startRegistry();
    registry.on("POST", /./, { answer: 202 }, 100);

    await expect(clientOf(registry).uploadBlob("a", blob, opener().open)).rejects.toMatchObject({
      code: "registry-unavailable",
    });
    expect(registry.lines().filter((line) => line.startsWith("POST"))).toHaveLength(4);
  });
});

describe("a download that breaks off", () => {
  it("is opened again where it ended, under the same upload", async () => {
    const registry = await startRegistry();
    const { starts, open } = opener(part, [50_000, 120_000]);

    await clientOf(registry).uploadBlob("a", blob, open);

    expect(starts).toEqual([0, 50_000, 120_000]);
    expect(registry.lines()).toEqual(["POST a/blobs/uploads/", `${PATCH}1`, "PUT a/blobs/uploads/1"]);
    expect(stored(registry)).toEqual(part.bytes);
  });

  it("is opened again by Range at the registry it comes from", async () => {
    const source = await startRegistry();
    source.hold("s", { ...part, blobs: [part], children: [] });
    source.on("GET", /blobs/, { truncateAfter: 100_000 });
    const registry = await startRegistry();
    const client = clientOf(source);
    const open: OpenBlob = async (start) => (await client.openBlob("s", blob.digest, { start })).stream;

    await clientOf(registry).uploadBlob("a", blob, open);

    const [, again] = source.requests;
    expect(again?.headers.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(registry.lines()).toHaveLength(3);
    expect(stored(registry)).toEqual(part.bytes);
  });

  it("that falls silent is opened again, under the same upload", async () => {
    const source = await startRegistry();
    source.hold("s", { ...part, blobs: [part], children: [] });
    source.on("GET", /blobs/, { truncateAfter: 100_000, silently: true });
    const registry = await startRegistry();
    const send = createSend({ silenceMs: 500 });
    const client = clientOf(source, { send });
    const open: OpenBlob = async (start) => (await client.openBlob("s", blob.digest, { start })).stream;

    await clientOf(registry, { send }).uploadBlob("a", blob, open);

    expect(source.requests).toHaveLength(2);
    expect(registry.lines()).toHaveLength(3);
    expect(stored(registry)).toEqual(part.bytes);
  });

  it("is opened at most five times again, and then raised: no other upload is begun", async () => {
    const registry = await startRegistry();
    const { starts, open } = opener(part, Array(20).fill(10_000));

    await expect(clientOf(registry).uploadBlob("a", blob, open)).rejects.toMatchObject({
      code: "registry-unreachable",
      permanent: false,
      message: `${blob.digest} broke off after 10000 of 300000 bytes: reset by the peer`,
    });
    expect(starts).toHaveLength(6);
    expect(registry.lines().filter((line) => line.startsWith("POST"))).toHaveLength(1);
    expect(registry.lines().filter((line) => line.startsWith("PUT"))).toEqual([]);
  });

  it("is waited for longer each time", async () => {
    const registry = await startRegistry();
    const pauses: number[] = [];
    const client = clientOf(registry, { pause: async (ms) => void pauses.push(ms) });

    await client.uploadBlob("a", blob, opener(part, [1, 2, 3, 4]).open);

    const bounds = [250, 500, 1_000, 2_000];
    expect(pauses).toHaveLength(4);
    for (const [index, bound] of bounds.entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(bound / 2);
      expect(pauses[index]).toBeLessThanOrEqual(bound);
    }
  });

  it("is opened again also where opening failed for a moment", async () => {
    const registry = await startRegistry();
    const { open } = opener();
    let failures = 2;

    await clientOf(registry).uploadBlob("a", blob, async (start) => {
      if (failures-- > 0) throw transient("registry-unavailable", "status 503");
      return open(start);
    });

    expect(stored(registry)).toEqual(part.bytes);
  });

  it.each([permanent("registry-blob-not-found", "gone"), transient("registry-denied", "no"), new Error("a defect")])(
    "for good (%s) ends the upload with that very error",
    async (reason) => {
      const registry = await startRegistry();
      let openings = 0;

      const upload = clientOf(registry).uploadBlob("a", blob, async () => {
        openings += 1;
        throw reason;
      });

      await expect(upload).rejects.toBe(reason);
      expect(openings).toBe(1);
      expect(registry.lines().filter((line) => line.startsWith("PUT"))).toEqual([]);
    },
  );

  it("and whose Range is ignored is sent from its first byte in a fresh upload", async () => {
    const source = await startRegistry({ ignoresRange: true });
    source.hold("s", { ...part, blobs: [part], children: [] });
    source.on("GET", /blobs/, { truncateAfter: 100_000 });
    const registry = await startRegistry();
    const client = clientOf(source);
    const open: OpenBlob = async (start) => (await client.openBlob("s", blob.digest, { start })).stream;

    await clientOf(registry).uploadBlob("a", blob, open);

    expect(registry.lines().filter((line) => line.startsWith("POST"))).toHaveLength(2);
    expect(stored(registry)).toEqual(part.bytes);
  });

  it("with more bytes than the manifest says is refused, and no byte too many is sent", async () => {
    const registry = await startRegistry();
    const short = { digest: blob.digest, size: 250_000 };

    await expect(clientOf(registry).uploadBlob("a", short, opener().open)).rejects.toMatchObject({
      code: "blob-size-mismatch",
      permanent: true,
      message: `${blob.digest} has more bytes than the 250000 that its manifest says`,
    });
    expect(registry.lines().filter((line) => line.startsWith("PUT"))).toEqual([]);
  });

  it("with fewer bytes than the manifest says, and no error, counts as broken too", async () => {
    const registry = await startRegistry();
    const starts: number[] = [];
    const open: OpenBlob = async (start) => {
      starts.push(start);
      return Readable.from(start === 0 ? [part.bytes.subarray(0, 1_000)] : [part.bytes.subarray(start)]);
    };

    await clientOf(registry).uploadBlob("a", blob, open);

    expect(starts).toEqual([0, 1_000]);
    expect(stored(registry)).toEqual(part.bytes);
  });
});

describe("an upload that breaks", () => {
  it("is begun anew in a fresh session, from the first byte", async () => {
    const registry = await startRegistry();
    registry.on("PATCH", /./, { cutUploadAfter: 100_000 }, 2);
    const { starts, open } = opener();

    await clientOf(registry).uploadBlob("a", blob, open);

    expect(starts).toEqual([0, 0, 0]);
    expect(registry.lines()).toEqual([
      "POST a/blobs/uploads/",
      `${PATCH}1`,
      `HEAD a/blobs/${blob.digest.slice(7, 13)}`,
      "POST a/blobs/uploads/",
      `${PATCH}2`,
      `HEAD a/blobs/${blob.digest.slice(7, 13)}`,
      "POST a/blobs/uploads/",
      `${PATCH}3`,
      "PUT a/blobs/uploads/3",
    ]);
    expect(stored(registry)).toEqual(part.bytes);
  });

  it("is begun anew whatever its session says that it holds: no Range of a PATCH is trusted, nor asked for", async () => {
    const registry = await startRegistry();
    registry.on("PATCH", /./, { answer: 503, headers: { range: "0-99999", location: "/v2/a/blobs/uploads/1" } });
    const { starts, open } = opener();

    await clientOf(registry).uploadBlob("a", blob, open);

    expect(starts.at(-1)).toBe(0);
    expect(registry.requests.filter(({ method }) => method === "PATCH").map(({ path }) => path)).toEqual([
      "a/blobs/uploads/1",
      "a/blobs/uploads/2",
    ]);
    expect(registry.requests.filter(({ method }) => method === "GET")).toEqual([]);
    expect(registry.requests.every(({ headers }) => headers["content-range"] === undefined)).toBe(true);
    expect(stored(registry)).toEqual(part.bytes);
  });

  it.each([
    ["POST", { answer: 429, body: ociError("TOOMANYREQUESTS") }, "registry-throttled"],
    ["PATCH", { answer: 503 }, "registry-unavailable"],
    ["PATCH", { cut: "before" }, "registry-unreachable"],
    ["PUT", { answer: 404, body: ociError("BLOB_UPLOAD_UNKNOWN") }, "registry-upload-not-found"],
    ["PUT", { answer: 400, body: ociError("DIGEST_INVALID") }, "registry-digest-refused"],
  ] as const)("every time (%s %j) is raised after four sessions: %s", async (method, fault, code) => {
    const registry = await startRegistry();
    registry.on(method, /./, fault, 1_000);

    await expect(clientOf(registry).uploadBlob("a", blob, opener().open)).rejects.toMatchObject({
      code,
      permanent: false,
    });
    expect(registry.lines().filter((line) => line.startsWith("POST"))).toHaveLength(4);
    expect(stored(registry)).toBeUndefined();
  });

  it("only in the answer to its PUT is found to be done", async () => {
    const registry = await startRegistry();
    registry.on("PUT", /./, { cut: "after" });

    await clientOf(registry).uploadBlob("a", blob, opener().open);

    expect(registry.lines()).toEqual([
      "POST a/blobs/uploads/",
      `${PATCH}1`,
      // The PUT looks as if it had met a connection that was closed while it was idle, so it is sent once more.
      "PUT a/blobs/uploads/1",
      "PUT a/blobs/uploads/1",
      `HEAD a/blobs/${blob.digest.slice(7, 13)}`,
    ]);
  });

  it("because it is refused is not begun again", async () => {
    const registry = await startRegistry();
    registry.on("PATCH", /./, { answer: 403, body: ociError("DENIED", "User is not authorized") });

    await expect(clientOf(registry).uploadBlob("a", blob, opener().open)).rejects.toMatchObject({
      code: "registry-denied",
    });
    expect(registry.lines()).toHaveLength(2);
  });

  it("ends the download that fed it", async () => {
    const registry = await startRegistry();
    registry.on("PATCH", /./, { answer: 413 });
    let stream: Readable | undefined;

    const upload = clientOf(registry).uploadBlob("a", blob, async () => {
      stream = new Readable({ read() {} });
      stream.push(Buffer.alloc(1_000));
      return stream;
    });

    await expect(upload).rejects.toMatchObject({ code: "registry-refused" });
    if (stream?.closed === false) await once(stream, "close");
    expect(stream?.destroyed).toBe(true);
  });
});

describe("the signal", () => {
  it("ends an upload under way, its download, and everything after it", async () => {
    const registry = await startRegistry();
    const abort = new AbortController();
    const reason = new Error("the deadline is near");
    let stream: Readable | undefined;
    const upload = clientOf(registry, { signal: abort.signal }).uploadBlob("a", blob, async () => {
      stream = new Readable({ read() {} });
      stream.push(Buffer.alloc(1_000));
      setImmediate(() => abort.abort(reason));
      return stream;
    });

    await expect(upload).rejects.toBe(reason);
    if (stream?.closed === false) await once(stream, "close");
    expect(registry.lines().filter((line) => !line.startsWith("PATCH"))).toEqual(["POST a/blobs/uploads/"]);
  });

  it("ends a pause", async () => {
    const registry = await startRegistry();
    const abort = new AbortController();
    const reason = new Error("the deadline is near");
    registry.on("POST", /./, { answer: 503 }, 100);
    const options = { baseUrl: registry.url, send: createSend(), authorization: async () => undefined };
    const upload = createRegistryClient({ ...options, signal: abort.signal }).uploadBlob("a", blob, opener().open);
    upload.catch(() => {});
    await expect.poll(() => registry.requests.length).toBe(1);
    // The answer has come, and been judged, once another has.
    await clientOf(registry).hasBlob("a", blob.digest);
    abort.abort(reason);

    await expect(upload).rejects.toBe(reason);
    expect(registry.lines().filter((line) => line.startsWith("POST"))).toHaveLength(1);
  });
});
