/**
 * Whether a tag holds something that belongs to another image: cosign's `sha256-<hex>.sig`, `.att` and `.sbom`, or the fallback tag of the
 * OCI referrers, the same without an ending. What becomes of it is decided by that image.
 * https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#tag-based-discovery
 */
export function isCompanionTag(tag: string): boolean {
  return /^sha256-[a-f0-9]{64}(\.(sig|att|sbom))?$/.test(tag);
}
