/** Pages of a list: opaque tokens that only the list that gave them takes back. */
import { createHash } from "node:crypto";
import { invalidParameter } from "./refusals.ts";

export interface PageRequest {
  /** Names the list, its filters included: a token of another list is refused. */
  readonly list: string;
  readonly nextToken?: unknown;
  readonly maxResults?: unknown;
  /** Size of a page when `maxResults` is not given; 100 in ECR (API model). */
  readonly usual?: number;
}

/**
 * One page. `read` gives items in the order of their keys, the first after `after`, at most `limit`.
 * Error: InvalidParameterException for a token that was not given by this list.
 */
export function page<Item>(
  request: PageRequest,
  read: (options: { after?: string; limit: number }) => Item[],
  keyOf: (item: Item) => string,
): { items: Item[]; nextToken?: string } {
  const size = typeof request.maxResults === "number" ? request.maxResults : (request.usual ?? 100);
  const after = request.nextToken === undefined ? undefined : openToken(request.list, String(request.nextToken));
  const found = read({ ...(after === undefined ? {} : { after }), limit: size + 1 });
  const items = found.slice(0, size);
  const last = items.at(-1);
  if (found.length <= size || last === undefined) return { items };
  return { items, nextToken: sealToken(request.list, keyOf(last)) };
}

function sealToken(list: string, after: string): string {
  return Buffer.from(JSON.stringify([after, checksum(list, after)])).toString("base64url");
}

function openToken(list: string, token: string): string {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch {
    parts = undefined;
  }
  const [after, sum] = Array.isArray(parts) ? (parts as unknown[]) : [];
  if (typeof after !== "string" || sum !== checksum(list, after)) {
    throw invalidParameter("nextToken", "must be a token returned by a previous call of the same list");
  }
  return after;
}

function checksum(list: string, after: string): string {
  return createHash("sha256").update(`${list}\n${after}`).digest("base64url").slice(0, 12);
}
