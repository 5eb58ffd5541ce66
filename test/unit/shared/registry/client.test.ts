import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { createRegistryClient } from "#shared/registry/client.ts";
import { createSend } from "#shared/registry/http.ts";
import {
  end,
  error,
  type FakeRegistry,
  type Intervene,
  sha256,
  startFakeRegistry,
} from "../../../support/fake-registry.ts";

const opened: FakeRegistry[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((registry) => registry.close()));
});

async function start(intervene?: Intervene, options?: { patchStatus: number }): Promise<FakeRegistry> {
  const registry = await startFakeRegistry(intervene, options);
  opened.push(registry);
  return registry;
}

function clientOf(
  registry: FakeRegistry,
  authorization: (o?: { renew?: boolean }) => Promise<string> = async () => "Basic x",
) {
  const signal = new AbortController().signal;
  return createRegistryClient({ baseUrl: registry.url, send: createSend(), authorization, signal });
}

const bytes = Buffer.from("layer bytes");
const blob = { mediaType: "application/octet-stream", digest: sha256(bytes), size: bytes.length };
const stream = () => Readable.from([bytes]) as unknown as IncomingMessage;

describe("a manifest", () => {
  it("is given with the digest of its very bytes", async () => {
    const registry = await start();
    const text = Buffer.from('{"schemaVersion":2 }');
    registry.manifests.set("a:v1", { mediaType: "application/vnd.oci.image.manifest.v1+json", bytes: text });

    const manifest = await clientOf(registry).manifest("a", "v1");

    expect(manifest).toEqual({
      digest: sha256(text),
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      bytes: text,
    });
  });

  it("is undefined where there is none", async () => {
    expect(await clientOf(await start()).manifest("a", "v1")).toBeUndefined();
  });

  it("of another digest than was asked for is refused", async () => {
    const registry = await start();
    const asked = sha256(Buffer.from("asked"));
    registry.manifests.set(`a@${asked}`, { mediaType: "x", bytes: Buffer.from("other") });

    await expect(clientOf(registry).manifest("a", asked)).rejects.toMatchObject({
      code: "digest-mismatch",
      permanent: true,
    });
  });

  it("that is denied is no missing one", async () => {
    const registry = await start((_, response) => {
      end(response, 403, error("DENIED", "Your authorization token has expired."));
      return "answered";
    });

    await expect(clientOf(registry).manifest("a", "v1")).rejects.toMatchObject({
      code: "registry-denied",
      message: expect.stringContaining("status 403 DENIED: Your authorization token has expired."),
    });
  });

  it("longer than ECR takes is not read to its end", async () => {
    const registry = await start();
    registry.manifests.set("a:v1", { mediaType: "x", bytes: Buffer.alloc(5 * 1024 * 1024) });

    await expect(clientOf(registry).manifest("a", "v1")).rejects.toMatchObject({ code: "registry-answer-too-long" });
  });
});

describe("the authorization", () => {
  it("is renewed once when the registry says 401", async () => {
    const asked: (boolean | undefined)[] = [];
    const registry = await start(({ authorization }, response) => {
      if (authorization === "Basic new") return undefined;
      end(response, 401, error("UNAUTHORIZED"));
      return "answered";
    });
    const client = clientOf(registry, async ({ renew } = {}) => {
      asked.push(renew);
      return renew ? "Basic new" : "Basic old";
    });

    expect(await client.manifest("a", "v1")).toBeUndefined();
    expect(asked).toEqual([false, true]);
  });

  it("is not sent to the host that a download redirects to", async () => {
    const seen: (string | undefined)[] = [];
    const store = await start(({ authorization }, response) => {
      seen.push(authorization);
      response.writeHead(200, { "content-length": bytes.length }).end(bytes);
      return "answered";
    });
    const registry = await start((_, response) => {
      response.writeHead(307, { location: `${store.url}/bucket/layer?signature=secret` }).end();
      return "answered";
    });

    const response = await clientOf(registry).openBlob("a", blob);

    expect(Buffer.concat(await response.toArray())).toEqual(bytes);
    expect(seen).toEqual([undefined]);
  });

  it("is not sent on an upload to another host", async () => {
    const elsewhere = await start();
    const registry = await start(({ method }, response) => {
      if (method !== "POST") return undefined;
      response.writeHead(202, { location: `${elsewhere.url}/v2/a/blobs/uploads/1` }).end();
      return "answered";
    });

    await expect(clientOf(registry).uploadBlob("a", blob, stream())).rejects.toMatchObject({
      code: "registry-refused",
    });
    expect(elsewhere.requests).toEqual([]);
  });
});

describe("a blob", () => {
  it("is uploaded by one POST, one PATCH and one PUT", async () => {
    const registry = await start();

    await clientOf(registry).uploadBlob("a", blob, stream());

    expect(registry.requests).toEqual([
      "POST a/blobs/uploads/",
      "PATCH a/blobs/uploads/upload",
      "PUT a/blobs/uploads/upload",
    ]);
    expect(registry.blobs.get(blob.digest)).toEqual(bytes);
  });

  it("may be answered with 201 on its PATCH, as ECR does", async () => {
    const registry = await start(undefined, { patchStatus: 201 });

    await clientOf(registry).uploadBlob("a", blob, stream());

    expect(registry.blobs.get(blob.digest)).toEqual(bytes);
  });

  it("without a byte is uploaded too", async () => {
    const registry = await start();
    const empty = { ...blob, digest: sha256(Buffer.alloc(0)), size: 0 };

    await clientOf(registry).uploadBlob("a", empty, Readable.from([]) as unknown as IncomingMessage);

    expect(registry.blobs.get(empty.digest)).toEqual(Buffer.alloc(0));
  });

  it("of another size than its manifest says is refused before it is copied", async () => {
    const registry = await start();
    registry.blobs.set(blob.digest, bytes);

    await expect(clientOf(registry).openBlob("a", { ...blob, size: 3 })).rejects.toMatchObject({
      code: "blob-size-mismatch",
    });
  });

  it("is refused in the registry's words when its digest is wrong", async () => {
    const registry = await start();

    const upload = clientOf(registry).uploadBlob("a", { ...blob, digest: sha256(Buffer.from("x")) }, stream());

    await expect(upload).rejects.toMatchObject({
      code: "registry-refused",
      permanent: true,
      message: expect.stringContaining("DIGEST_INVALID"),
    });
  });
});

describe("a status", () => {
  it.each([
    [429, "TOOMANYREQUESTS", "registry-throttled", false],
    [500, undefined, "registry-unavailable", false],
    [503, undefined, "registry-unavailable", false],
    [400, "MANIFEST_INVALID", "registry-refused", true],
    [404, "NAME_UNKNOWN", "registry-not-found", true],
    [400, "MANIFEST_BLOB_UNKNOWN", "registry-blob-unknown", false],
    [200, undefined, "registry-unavailable", false],
  ])("%s %s on a write is %s, permanent: %s", async (status, code, expected, permanent) => {
    const registry = await start((_, response) => {
      end(response, status, code === undefined ? "<html>" : error(code));
      return "answered";
    });
    const manifest = { digest: "", mediaType: "x", bytes };

    await expect(clientOf(registry).putManifest("a", "v1", manifest)).rejects.toMatchObject({
      code: expected,
      permanent,
    });
  });

  it("never comes when nobody listens: the address is told without its query", async () => {
    const registry = await start();
    await registry.close();

    await expect(clientOf(registry).manifest("a", "v1")).rejects.toMatchObject({
      code: "registry-unreachable",
      permanent: false,
      message: expect.stringContaining(`GET ${registry.url}/v2/a/manifests/v1: connect ECONNREFUSED`),
    });
  });
});
