/** Requests signed by AWS's own signer, and the bare sending of them. */
import { createHash, createHmac } from "node:crypto";
import { type IncomingHttpHeaders, request } from "node:http";
import { SignatureV4 } from "@smithy/signature-v4";

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Sent {
  readonly method?: string;
  /** As it goes on the wire, without the query. */
  readonly path?: string;
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** Breaks the connection off. */
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What the signer wants of a hash. */
class Sha256 {
  readonly #hash: { update(data: Uint8Array): unknown; digest(): Buffer };
  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytes(secret));
  }
  update(data: unknown): void {
    this.#hash.update(bytes(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

function bytes(data: unknown): Uint8Array {
  return typeof data === "string" ? Buffer.from(data) : new Uint8Array(data as ArrayBuffer);
}

/** Sends as it is. */
export function send(endpoint: string, { method = "GET", path = "/", query = {}, headers = {}, body, signal }: Sent) {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`),
  );
  const { hostname, port } = new URL(endpoint);
  const target = pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
  return new Promise<Answer>((resolve, reject) => {
    const options = { hostname, port, method, path: target, headers, agent: false, ...(signal ? { signal } : {}) };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Signs for `service` and sends. */
export async function sendSigned(
  endpoint: string,
  scope: { readonly service: string; readonly region: string; readonly keys: Keys },
  sent: Sent,
): Promise<Answer> {
  const { hostname, port, host } = new URL(endpoint);
  const signer = new SignatureV4({
    service: scope.service,
    region: scope.region,
    credentials: scope.keys,
    sha256: Sha256,
  });
  const { method = "GET", path = "/", query = {}, headers = {}, body } = sent;
  const signed = await signer.sign({
    method,
    protocol: "http:",
    hostname,
    port: Number(port),
    path,
    query,
    headers: { host, ...headers },
    body,
  });
  return send(endpoint, { ...sent, headers: signed.headers });
}
