import { createHash } from "node:crypto";

/** `sha256:<64 hex digits>` of these bytes. */
export function sha256(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Whether a reference is a digest and not a tag; only sha256 is in use at ECR. */
export function isDigest(reference: string): boolean {
  return /^sha256:[a-f0-9]{64}$/.test(reference);
}
