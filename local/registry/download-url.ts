/**
 * Short-lived addresses from which a blob can be fetched without credentials, as ECR's pre-signed S3 addresses: made by
 * GetDownloadUrlForLayer and by the registry hosts' redirects, checked where the bytes are served.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Side } from "../store/store.ts";

export interface SignedBlob {
  readonly side: Side;
  readonly repository: string;
  readonly digest: string;
}

export interface DownloadUrls {
  /** Path and query: `/local-blobs/<repository>/<digest>?expires=<epoch seconds>&signature=<hex>`. */
  sign(side: Side, repository: string, digest: string): string;
  /** The blob that `url` (path and query, or a whole URL) was signed for; undefined when it is not ours, was changed or is over. */
  verify(url: string): SignedBlob | undefined;
}

/** Seconds; X-Amz-Expires of the address in the CLI reference of get-download-url-for-layer. */
const lifetime = 3600;
const prefix = "/local-blobs/";

/** `secret`: of one account, so that another account's addresses are worth nothing here. The side is signed though not shown. */
export function createDownloadUrls(options: { secret: string | Buffer; clock: () => Date }): DownloadUrls {
  const now = () => Math.floor(options.clock().getTime() / 1000);
  const signature = (blob: SignedBlob, expires: number): string =>
    createHmac("sha256", options.secret)
      .update(JSON.stringify([blob.side, blob.repository, blob.digest, expires]))
      .digest("hex");

  return {
    sign(side, repository, digest) {
      const expires = now() + lifetime;
      return `${prefix}${repository}/${digest}?expires=${expires}&signature=${signature({ side, repository, digest }, expires)}`;
    },

    verify(url) {
      const told = parse(url);
      if (told === undefined || told.expires <= now()) return undefined;
      return (["private", "public"] as const)
        .map((side) => ({ side, repository: told.repository, digest: told.digest }))
        .find((blob) => isSame(signature(blob, told.expires), told.signature));
    },
  };
}

function parse(url: string) {
  // The base only lets a bare path be read; nothing is fetched from it.
  if (!URL.canParse(url, "http://local")) return undefined;
  const { pathname, searchParams } = new URL(url, "http://local");
  const parts = /^\/local-blobs\/(.+)\/([^/]+)$/.exec(pathname);
  const expires = Number(searchParams.get("expires"));
  const [, repository, digest] = parts ?? [];
  if (repository === undefined || digest === undefined || !Number.isSafeInteger(expires)) return undefined;
  return { repository, digest, expires, signature: searchParams.get("signature") ?? "" };
}

function isSame(wanted: string, given: string): boolean {
  const [left, right] = [Buffer.from(wanted), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}
