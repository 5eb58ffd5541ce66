import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { permanent } from "#shared/errors.ts";
import { createSend, type HttpRequest, readBody, redacted } from "#shared/registry/http.ts";

async function start(listener: RequestListener) {
  const server = createServer({ keepAliveTimeout: 30_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a?signature=secret`) };
}

const get = (url: URL): HttpRequest => ({ method: "GET", url, headers: {} });

describe("a request", () => {
  it("uses a connection that is open already", async () => {
    const ports = new Set<number | undefined>();
    const { url } = await start((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("x");
    });
    const send = createSend();

    for (let i = 0; i < 3; i++) await readBody(await send(get(url)), 10, "it");

    expect(ports.size).toBe(1);
  });

  it("is sent on a fresh connection when the kept one was closed while it was idle", async () => {
    // A server that answers the first request of a connection, and resets it at the second, as one whose idle time was over.
    let connections = 0;
    const server = createTcpServer((socket) => {
      connections += 1;
      let requests = 0;
      socket.on("error", () => {});
      socket.on("data", () => {
        requests += 1;
        if (requests > 1) return void socket.resetAndDestroy();
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const send = createSend();

    const answers: string[] = [];
    for (let i = 0; i < 2; i++) answers.push((await readBody(await send(get(url)), 10, "it")).toString());

    expect(answers).toEqual(["x", "x"]);
    expect(connections).toBe(2);
  });

  it("is not sent twice on a fresh connection that breaks", async () => {
    let requests = 0;
    const { url } = await start((request) => {
      requests += 1;
      request.socket.destroy();
    });

    await expect(createSend()(get(url))).rejects.toMatchObject({ code: "registry-unreachable" });
    expect(requests).toBe(1);
  });

  it("ends when the peer is silent, and tells the address without its query", async () => {
    const { url } = await start(() => {});

    await expect(createSend({ silenceMs: 30 })(get(url))).rejects.toMatchObject({
      code: "registry-unreachable",
      permanent: false,
      message: `GET ${url.origin}/a: silent for 0.03 s`,
    });
  });

  it("ends with its signal, and raises the signal's reason", async () => {
    const { url } = await start(() => {});
    const abort = new AbortController();
    const reason = new Error("the deadline is near");
    const answer = createSend()({ ...get(url), signal: abort.signal });

    abort.abort(reason);

    await expect(answer).rejects.toBe(reason);
  });

  it("ends the body of its response with its signal too", async () => {
    const { url } = await start((_, response) => void response.writeHead(200, { "content-length": 10 }).write("x"));
    const abort = new AbortController();
    const response = await createSend()({ ...get(url), signal: abort.signal });
    const body = readBody(response, 10, "it");

    abort.abort();

    await expect(body).rejects.toMatchObject({ code: "registry-unreachable", permanent: false });
  });

  it("is not begun when the signal has aborted", async () => {
    const { url } = await start(() => {});
    const reason = new Error("over");

    await expect(createSend()({ ...get(url), signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("a body that is written", () => {
  it("may be refused before it was read: the refusal is what is told, and the writing ends", async () => {
    const { url } = await start((_, response) => void response.writeHead(413).end("too much"));
    let closed: (() => void) | undefined;
    const writingEnded = new Promise<void>((resolve) => {
      closed = resolve;
    });

    const response = await createSend()({
      method: "PATCH",
      url,
      headers: { "content-length": "1000000" },
      body: async (to) => {
        to.write("the beginning");
        await new Promise((resolve) => to.once("close", resolve));
        closed?.();
        throw new Error("cut");
      },
    });
    const text = await readBody(response, 100, "it");
    await writingEnded;

    expect([response.statusCode, text.toString()]).toEqual([413, "too much"]);
  });

  it("that fails cuts the connection, so that it never looks whole, and raises its own error", async () => {
    let seen = (): void => {};
    const requestSeen = new Promise<void>((resolve) => {
      seen = resolve;
    });
    let ended: (how: string) => void = () => {};
    const requestEnded = new Promise<string>((resolve) => {
      ended = resolve;
    });
    const { url } = await start((request) => {
      request.on("end", () => ended("whole")).on("error", () => ended("cut"));
      request.resume();
      seen();
    });
    const reason = permanent("blob-size-mismatch", "too many bytes");

    const answer = createSend()({
      method: "PATCH",
      url,
      headers: { "content-length": "10" },
      body: async (to) => {
        to.write("12345");
        await requestSeen;
        throw reason;
      },
    });

    await expect(answer).rejects.toBe(reason);
    expect(await requestEnded).toBe("cut");
  });
});

describe("a response", () => {
  it("of more bytes than the limit is refused", async () => {
    const { url } = await start((_, response) => response.end("12345678"));

    await expect(readBody(await createSend()(get(url)), 7, "the manifest x")).rejects.toMatchObject({
      code: "registry-answer-too-long",
      permanent: true,
      message: "the manifest x has more than 7 bytes",
    });
  });

  it("that breaks off is transient", async () => {
    const { url } = await start((_, response) => {
      response.writeHead(200, { "content-length": 10 });
      response.write("123", () => response.destroy());
    });

    await expect(readBody(await createSend()(get(url)), 100, "the manifest x")).rejects.toMatchObject({
      code: "registry-unreachable",
      permanent: false,
      message: expect.stringContaining("the manifest x broke off after 3 bytes"),
    });
  });
});

describe("an address", () => {
  it("is told without user, password and query", () => {
    expect(redacted(new URL("https://user:pass@host:5000/v2/x?X-Amz-Signature=secret#y"))).toBe(
      "https://host:5000/v2/x",
    );
  });
});
