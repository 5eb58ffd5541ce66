/** The plain files that the pages use: style sheet, script, icon. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { respond, safeHeaders } from "./respond.ts";

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
}

/** Assets by name: what is not in the folder at the start is not served. */
export type Assets = ReadonlyMap<string, Asset>;

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Reads a folder of small files. Errors: a folder that is not there, a file of another kind. */
export function readAssets(directory: string): Assets {
  const read = readdirSync(directory).map((name): [string, Asset] => {
    const type = types[extname(name)];
    if (type === undefined) throw new Error(`${join(directory, name)}: not one of ${Object.keys(types).join(", ")}`);
    const body = readFileSync(join(directory, name));
    return [name, { type, body, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"` }];
  });
  return new Map(read);
}

/** Answers with the asset, or that the browser's copy is still good. */
export function serveAsset(request: IncomingMessage, response: ServerResponse, { type, body, etag }: Asset): void {
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304, { ...safeHeaders, etag, "cache-control": "no-cache" });
    response.end();
    return;
  }
  respond(response, 200, { "content-type": type, etag }, body);
}
