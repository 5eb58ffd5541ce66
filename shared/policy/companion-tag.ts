/**
 * Tags that hold something that belongs to another image: cosign's `sha256-<hex>.sig`, `.att` and `.sbom`, and the fallback tag of the OCI
 * referrers, the same without an ending. What becomes of them is decided by that image.
 * https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#tag-based-discovery,
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
 */
const KINDS = { ".sig": "signature", ".att": "attestation", ".sbom": "sbom", "": "referrers" } as const;

/** The digest that a tag is about, and what it holds; undefined for a tag like others. */
export function subjectOfTag(
  tag: string,
): { readonly digest: string; readonly kind: (typeof KINDS)[keyof typeof KINDS] } | undefined {
  const [, hex, suffix = ""] = /^sha256-([a-f0-9]{64})(\.sig|\.att|\.sbom)?$/.exec(tag) ?? [];
  if (hex === undefined) return undefined;
  return { digest: `sha256:${hex}`, kind: KINDS[suffix as keyof typeof KINDS] };
}

export function isCompanionTag(tag: string): boolean {
  return subjectOfTag(tag) !== undefined;
}

/** All tags under which something about `digest` (`sha256:<hex>`) may be found, whether or not they exist. */
export function tagsOfSubject(digest: string): readonly string[] {
  return Object.keys(KINDS).map((suffix) => digest.replace(":", "-") + suffix);
}
