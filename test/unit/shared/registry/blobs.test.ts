import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { imageOf, partOf } from "../../../support/image-parts.ts";
import { clientOf, startRegistry } from "./set-up.ts";

const layer = partOf("0123456789");
const image = imageOf([layer]);

async function startWithImage(options?: Parameters<typeof startRegistry>[0]) {
  const registry = await startRegistry(options);
  registry.hold("a", image);
  return registry;
}

describe("a blob", () => {
  it("is there or not", async () => {
    const client = clientOf(await startWithImage());

    expect(await client.hasBlob("a", layer.digest)).toBe(true);
    expect(await client.hasBlob("b", layer.digest)).toBe(false);
  });

  it("that the registry keeps elsewhere is there, and is not fetched to know it", async () => {
    const registry = await startRegistry();
    registry.on("HEAD", /./, { answer: 307, headers: { location: "https://bucket.example/x" } });

    expect(await clientOf(registry).hasBlob("a", layer.digest)).toBe(true);
  });

  it("is given as a stream, with its size", async () => {
    const registry = await startWithImage();

    const { stream, size } = await clientOf(registry).openBlob("a", layer.digest);

    expect([size, String(await buffer(stream))]).toEqual([10, "0123456789"]);
    expect(registry.requests[0]?.headers).not.toHaveProperty("range");
  });

  it("is given from a byte on, with the size of the whole", async () => {
    const registry = await startWithImage();

    const { stream, size } = await clientOf(registry).openBlob("a", layer.digest, { start: 4 });

    expect([size, String(await buffer(stream))]).toEqual([10, "456789"]);
    expect(registry.requests[0]?.headers.range).toBe("bytes=4-");
  });

  it("of a registry that ignores the Range is not mixed up", async () => {
    const registry = await startWithImage({ ignoresRange: true });

    await expect(clientOf(registry).openBlob("a", layer.digest, { start: 4 })).rejects.toMatchObject({
      code: "registry-range-ignored",
      permanent: false,
    });
  });

  it("with another range than was asked for is not mixed up", async () => {
    const registry = await startWithImage();
    registry.on("GET", /./, { answer: 206, body: "56789", headers: { "content-range": "bytes 5-9/10" } });

    await expect(clientOf(registry).openBlob("a", layer.digest, { start: 4 })).rejects.toMatchObject({
      code: "registry-range-ignored",
      message: expect.stringContaining("Content-Range bytes 5-9/10"),
    });
  });

  it("that is not there is permanent", async () => {
    const registry = await startRegistry();

    await expect(clientOf(registry).openBlob("a", layer.digest)).rejects.toMatchObject({
      code: "registry-blob-not-found",
      permanent: true,
    });
  });
});

describe("a redirect", () => {
  it("to another host is followed without our credentials, and with the Range", async () => {
    const bucket = await startWithImage();
    const registry = await startWithImage({ redirect: (path) => `${bucket.url}/v2/${path}?X-Amz-Signature=s` });

    const { stream } = await clientOf(registry).openBlob("a", layer.digest, { start: 7 });

    expect(String(await buffer(stream))).toBe("789");
    expect(registry.requests.map(({ headers }) => headers.authorization)).toEqual(["Basic ours"]);
    expect(bucket.requests).toMatchObject([{ query: "?X-Amz-Signature=s", headers: { range: "bytes=7-" } }]);
    expect(bucket.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  it("to the same host keeps our credentials", async () => {
    const registry = await startWithImage({ authorization: () => "Basic ours" });
    const location = `/v2/b/blobs/${layer.digest}`;
    registry.hold("b", image);
    registry.on("GET", /^a\//, { answer: 307, headers: { location } });

    const { stream } = await clientOf(registry).openBlob("a", layer.digest);

    expect(String(await buffer(stream))).toBe("0123456789");
  });

  it("that comes back from another host does not get them again", async () => {
    const registry = await startWithImage();
    const elsewhere = await startRegistry();
    registry.on("GET", /^a\//, { answer: 307, headers: { location: `${elsewhere.url}/v2/a/blobs/x` } });
    elsewhere.on("GET", /./, { answer: 307, headers: { location: `${registry.url}/v2/a/blobs/${layer.digest}` } });

    const { stream } = await clientOf(registry).openBlob("a", layer.digest);
    stream.destroy();

    expect(registry.requests.map(({ headers }) => headers.authorization)).toEqual(["Basic ours", undefined]);
    expect(elsewhere.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it.each(["http://bucket.example/x", "ftp://bucket.example/x", "http://127.0.0.1.example.com/x"])(
    "to %s is refused: not secure",
    async (location) => {
      const registry = await startWithImage();
      registry.on("GET", /./, { answer: 307, headers: { location: `${location}?X-Amz-Signature=secret` } });

      await expect(clientOf(registry).openBlob("a", layer.digest)).rejects.toMatchObject({
        code: "registry-refused",
        permanent: true,
        message: `${registry.url}/v2/a/blobs/${layer.digest} redirects to ${location}, which is not secure`,
      });
    },
  );

  it("to a host where ECR keeps no layers is refused, and the host is named", async () => {
    const registry = await startWithImage({ redirect: () => "https://bucket.example/x?X-Amz-Signature=secret" });

    await expect(clientOf(registry).openBlob("a", layer.digest)).rejects.toMatchObject({
      code: "registry-refused",
      permanent: true,
      message: `${registry.url}/v2/a/blobs/${layer.digest} redirects to https://bucket.example/x, and the registry has no business at bucket.example`,
    });
  });

  it("to a host that the client's owner allows is followed", async () => {
    const asked: string[] = [];
    const registry = await startWithImage({ redirect: () => "https://127.0.0.2.invalid/x" });
    const redirectHosts = (host: string) => asked.push(host) > 0;

    await expect(clientOf(registry, { redirectHosts }).openBlob("a", layer.digest)).rejects.toMatchObject({
      code: "registry-unreachable",
    });
    expect(asked).toEqual(["127.0.0.2.invalid"]);
  });

  it("without end is given up", async () => {
    const registry = await startWithImage({ redirect: (path) => `/v2/${path}` });

    await expect(clientOf(registry).openBlob("a", layer.digest)).rejects.toMatchObject({
      code: "registry-unavailable",
      message: expect.stringContaining("more than 3 redirects"),
    });
    expect(registry.requests).toHaveLength(4);
  });
});
