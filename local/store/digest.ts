/** Content digests. ECR takes sha256 alone. https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests */
import { createHash } from "node:crypto";
import { StoreError } from "./store.ts";

/** Whether the text is `sha256:` and 64 lower-case hexadecimal digits. */
export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** Error: digest-invalid, naming the value. */
export function requireDigest(text: string): void {
  if (isDigest(text)) return;
  throw new StoreError("digest-invalid", `a digest is 'sha256:' and 64 lower-case hexadecimal digits, not '${text}'`, {
    digest: text,
  });
}

/** `sha256:<hex>` of the bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
