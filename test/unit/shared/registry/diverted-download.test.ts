import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { BlobStream } from "#shared/registry/blobs.ts";
import { divert } from "#shared/registry/diverting-agent.ts";
import { createDownload } from "#shared/registry/download.ts";
import { createSend } from "#shared/registry/http.ts";
import { isInstalled } from "../../../support/command.ts";
import { partOf } from "../../../support/image-parts.ts";
import { clientOf, startRegistry } from "./set-up.ts";

const MIB = 1024 * 1024;
const LARGE = 8 * MIB;
// No piece of it is like another: bytes that are lost, doubled or out of order are seen.
const part = partOf(
  Buffer.concat(Array.from({ length: (9 * MIB + 77) >> 5 }, (_, n) => createHash("sha256").update(`${n}`).digest())),
);
const size = part.bytes.length;
const blob = { digest: part.digest, size };
const pause = async () => {};
const sink = { space: () => Buffer.alloc(1), took: () => false };

/** Takes what is written, and keeps it. */
function collecting() {
  const chunks: Buffer[] = [];
  const to = new Writable({
    write(chunk, _, done) {
      // Its memory is used again once it is written.
      chunks.push(Buffer.from(chunk));
      setImmediate(done);
    },
  });
  return { to, written: () => Buffer.concat(chunks) };
}

async function startSource(options?: Parameters<typeof startRegistry>[0]) {
  const source = await startRegistry(options);
  source.hold("s", { ...part, blobs: [part], children: [] });
  return source;
}

type Client = ReturnType<typeof clientOf>;

const download = (client: Client, wanted: Pick<typeof blob, "digest" | "size"> = blob) => {
  const starts: number[] = [];
  const open = async (start: number) => {
    starts.push(start);
    return (await client.openBlob("s", wanted.digest, { start, size })).stream;
  };
  return { starts, open };
};

/** A server that answers the GET of the blob as `answer` does it, byte by byte. */
async function startRaw(answer: (socket: Socket) => void): Promise<Client> {
  const server: Server = createServer((socket) => {
    socket.on("error", () => {}).once("data", () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return clientOf({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

const HEAD = `HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`;

const canBeDiverted = ({ stream }: BlobStream) => {
  const is = divert(stream, sink) !== undefined;
  stream.destroy();
  return is;
};

describe("a large download", () => {
  it("can be diverted, a small one not", async () => {
    const client = clientOf(await startSource());

    expect(canBeDiverted(await client.openBlob("s", blob.digest, { size }))).toBe(true);
    expect(canBeDiverted(await client.openBlob("s", blob.digest, { size: LARGE - 1 }))).toBe(false);
    expect(canBeDiverted(await client.openBlob("s", blob.digest, { start: size - 1, size }))).toBe(false);
    expect(canBeDiverted(await client.openBlob("s", blob.digest))).toBe(false);
  });

  it("arrives whole, in writes of 64 KiB", async () => {
    const { to, written } = collecting();
    const writes = vi.spyOn(to, "write");

    await createDownload(blob, download(clientOf(await startSource())).open, pause).write(to);
    await new Promise<void>((resolve) => void to.end(resolve));

    expect(written().equals(part.bytes)).toBe(true);
    // But for what comes with the head, and the last.
    expect(writes.mock.calls.filter(([chunk]) => chunk.length === 64 * 1024).length).toBeGreaterThan(size / 65_536 - 8);
  });

  it.runIf(isInstalled("openssl"))("arrives whole over TLS, too", async () => {
    const server = createHttpsServer(selfSigned(), (_, response) => {
      response.writeHead(200, { "content-length": size }).end(part.bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const client = clientOf({ url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` });
    const { to, written } = collecting();

    expect(canBeDiverted(await client.openBlob("s", blob.digest, { size }))).toBe(true);
    await createDownload(blob, download(client).open, pause, true).write(to);
    await new Promise<void>((resolve) => void to.end(resolve));

    expect(written().equals(part.bytes)).toBe(true);
  });

  it.each([
    ["with its head", 1_000],
    ["after its head, on its own", 0],
    ["with its head, all of it", size],
  ])("arrives whole when its body begins %s", async (_, withHead) => {
    const client = await startRaw((socket) => {
      socket.write(Buffer.concat([Buffer.from(HEAD), part.bytes.subarray(0, withHead)]));
      setImmediate(() => socket.write(part.bytes.subarray(withHead)));
    });
    const { to, written } = collecting();

    await createDownload(blob, download(client).open, pause, true).write(to);
    await new Promise<void>((resolve) => void to.end(resolve));

    expect(written().equals(part.bytes)).toBe(true);
  });

  it("ends at its length, whatever follows", async () => {
    const client = await startRaw((socket) =>
      socket.write(Buffer.concat([Buffer.from(HEAD), part.bytes, Buffer.alloc(99)])),
    );
    const { to, written } = collecting();

    await createDownload(blob, download(client).open, pause).write(to);
    await new Promise<void>((resolve) => void to.end(resolve));

    expect(written().equals(part.bytes)).toBe(true);
  });

  it("of more bytes than its manifest says is refused before the first byte too many is written", async () => {
    const { to, written } = collecting();
    const short = { digest: blob.digest, size: LARGE };
    const writing = createDownload(short, download(clientOf(await startSource())).open, pause).write(to);

    await expect(writing).rejects.toMatchObject({ code: "blob-size-mismatch", permanent: true });
    expect(written().length).toBeLessThanOrEqual(LARGE);
  });

  it("of other bytes than its digest says is refused before its last bytes are written, where it is verified", async () => {
    const client = await startRaw((socket) => socket.write(Buffer.concat([Buffer.from(HEAD), Buffer.alloc(size)])));
    const { to, written } = collecting();

    await expect(createDownload(blob, download(client).open, pause, true).write(to)).rejects.toMatchObject({
      code: "digest-mismatch",
      permanent: true,
    });
    expect(written().length).toBeLessThan(size);
  });

  it("is followed to where a redirect leads", async () => {
    const bucket = await startSource();
    const registry = await startSource({ redirect: (path) => `${bucket.url}/v2/${path}?X-Amz-Signature=s` });
    const { to, written } = collecting();

    await createDownload(blob, download(clientOf(registry)).open, pause).write(to);
    await new Promise<void>((resolve) => void to.end(resolve));

    expect(written().equals(part.bytes)).toBe(true);
    expect(bucket.requests).toMatchObject([{ query: "?X-Amz-Signature=s" }]);
  });

  it("of no length that is told goes the ordinary way", async () => {
    const client = await startRaw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      socket.write(Buffer.concat([Buffer.from(`${size.toString(16)}\r\n`), part.bytes, Buffer.from("\r\n0\r\n\r\n")]));
    });
    const { to, written } = collecting();

    await createDownload(blob, download(client).open, pause).write(to);
    await new Promise<void>((resolve) => void to.end(resolve));

    expect(written().equals(part.bytes)).toBe(true);
  });
});

describe("a large download that breaks off", () => {
  it.each([1, 65_536, 700_001])("after %i bytes is opened again where it ended", async (at) => {
    const source = await startSource();
    source.on("GET", /blobs/, { truncateAfter: at });
    const { to, written } = collecting();
    const { open, starts } = download(clientOf(source));

    await createDownload(blob, open, pause, true).write(to);
    await new Promise<void>((resolve) => void to.end(resolve));

    expect(starts).toHaveLength(2);
    expect(starts[1]).toBeLessThanOrEqual(at);
    expect(written().equals(part.bytes)).toBe(true);
  });

  it("because its peer is silent is opened again, too", async () => {
    const source = await startSource();
    source.on("GET", /blobs/, { truncateAfter: 700_001, silently: true });
    const { to, written } = collecting();
    const { open, starts } = download(clientOf(source, { send: createSend({ silenceMs: 300 }) }));

    await createDownload(blob, open, pause).write(to);
    await new Promise<void>((resolve) => void to.end(resolve));

    expect(starts).toEqual([0, 700_001]);
    expect(written().equals(part.bytes)).toBe(true);
  });
});

describe("a large download under way", () => {
  it("ends with the signal", async () => {
    const source = await startSource();
    source.on("GET", /blobs/, { truncateAfter: 700_001, silently: true });
    const abort = new AbortController();
    const { to, written } = collecting();
    const writing = createDownload(blob, download(clientOf(source, { signal: abort.signal })).open, pause).write(to);
    await vi.waitFor(() => expect(written().length).toBeGreaterThan(0));
    const reason = new Error("the deadline is near");

    abort.abort(reason);

    await expect(writing).rejects.toBe(reason);
  });

  it("ends, with its connection, when its upload is cut", async () => {
    const source = await startSource();
    source.on("GET", /blobs/, { truncateAfter: 700_001, silently: true });
    const { to, written } = collecting();
    let response: IncomingMessage | undefined;
    const open = async () => {
      response = (await clientOf(source).openBlob("s", blob.digest, { size })).stream as IncomingMessage;
      return response;
    };
    const writing = createDownload(blob, open, pause).write(to);
    await vi.waitFor(() => expect(written().length).toBeGreaterThan(0));

    to.destroy();

    await expect(writing).rejects.toMatchObject({ code: "registry-unreachable" });
    expect([response?.destroyed, response?.socket.destroyed]).toEqual([true, true]);
  });

  it("stands still while its upload takes nothing, and goes on then", async () => {
    let taken = 0;
    let goOn = (): void => {};
    const to = new Writable({
      write(bytes, _, done) {
        taken += bytes.length;
        if (taken > MIB && taken - bytes.length <= MIB) goOn = done;
        else done();
      },
    });
    const writing = createDownload(blob, download(clientOf(await startSource())).open, pause).write(to);
    await vi.waitFor(() => expect(taken).toBeGreaterThan(MIB));
    // Until nothing moves any more.
    for (let before = -1, turns = 0; turns < 20; turns++) {
      if (before !== to.writableLength) turns = 0;
      before = to.writableLength;
      await new Promise((resolve) => setImmediate(resolve));
    }

    expect(to.writableLength).toBeLessThan(MIB / 2);

    goOn();
    await writing;
    await new Promise<void>((resolve) => void to.end(resolve));
    expect(taken).toBe(size);
  });
});

/** A certificate for 127.0.0.1 that this process trusts until the end of the test. */
function selfSigned(): { cert: Buffer; key: Buffer } {
  const directory = mkdtempSync(join(tmpdir(), "ecr-autopilot-tls-"));
  const trusted = getCACertificates("default");
  onTestFinished(() => {
    setDefaultCACertificates(trusted);
    rmSync(directory, { recursive: true });
  });
  const [cert, key] = [join(directory, "crt"), join(directory, "key")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"];
  const name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", ["req", "-x509", ...kind, ...name, "-keyout", key, "-out", cert], { stdio: "ignore" });
  setDefaultCACertificates([...trusted, readFileSync(cert, "utf8")]);
  return { cert: readFileSync(cert), key: readFileSync(key) };
}
