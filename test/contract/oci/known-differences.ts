/**
 * Where ECR is known, or taken, not to follow the OCI distribution specification, or goes beyond it: the one list that the suite
 * beside it asks, and that local/FIDELITY.md refers to. Whatever is not here is held to the specification.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
import type { Side } from "../../support/contract-target.ts";

export interface KnownDifference {
  readonly on: readonly Side[];
  /** How strongly the specification asks for it. `silent`: it says nothing, or leaves the choice. */
  readonly level: "MUST" | "SHOULD" | "silent";
  /** Anchor of the section. */
  readonly section: string;
  readonly specification: string;
  readonly ecr: string;
  /** observed: recorded in public; documented: AWS says so; assumed: ours, until somebody sees another. */
  readonly evidence: "observed" | "documented" | "assumed";
  readonly source: string;
  /** Cases of the official suite (v1.1) that fail, or only warn, for it; by title. */
  readonly official?: readonly string[];
}

const both = ["private", "public"] as const;

const list = {
  "upload-patch-status": {
    on: both,
    level: "MUST",
    section: "pushing-a-blob-in-chunks",
    specification: "A chunk is answered with 202 Accepted.",
    ecr: "201 Created.",
    evidence: "observed",
    source: "aws/containers-roadmap #2831",
    official: [
      "Blob Upload Streamed: PATCH request with blob in body should yield 202 response",
      "Blob Upload Streamed: PUT request to session URL with digest should yield 201 response (it starts from the answer to the case before)",
      "Blob Upload Chunked: PATCH request with first chunk should return 202",
      "Blob Upload Chunked: PATCH request with second chunk should return 202",
    ],
  },
  "upload-patch-range": {
    on: both,
    level: "MUST",
    section: "pushing-a-blob-in-chunks",
    specification: "The Range of the answer ends with the last byte uploaded.",
    ecr: "It stays that of the first chunk, though later chunks are kept.",
    evidence: "observed",
    source: "aws/containers-roadmap #2831",
  },
  "upload-chunk-minimum": {
    on: both,
    level: "SHOULD",
    section: "pushing-a-blob-in-chunks",
    specification: "A registry with a smallest chunk tells it as OCI-Chunk-Min-Length.",
    ecr: "It tells none, and refuses the end of an upload with a chunk below 5 MiB that was not the last: 400 BLOB_UPLOAD_INVALID.",
    evidence: "observed",
    source:
      "dotnet/sdk-container-builds #424 (LayerPartTooSmallException on the trail of a push in chunks) and #279, dotnet/sdk #33019; the status is assumed",
    official: [
      "Blob Upload Chunked: PUT request with digest should return 201 (its chunks have 21 bytes, unless the header asks for more)",
    ],
  },
  "blob-digest-code": {
    on: both,
    level: "SHOULD",
    section: "error-codes",
    specification: "Bytes of another digest than the one given are DIGEST_INVALID.",
    ecr: "400 BLOB_UPLOAD_INVALID, 'None of the provided layer digests match the calculated layer digest'.",
    evidence: "observed",
    source:
      "dotnet/sdk-container-builds #424 (private) and #472 (public); the text also in bazelbuild/rules_docker #298",
  },
  "manifest-put-location": {
    on: both,
    level: "MUST",
    section: "pushing-manifests",
    specification: "A manifest that was taken is answered with its Location.",
    ecr: "201 without Location.",
    evidence: "observed",
    source: "seen by clients of ECR (registry notes of the client libraries that work around it)",
    official: ["Manifest Upload: PUT should accept a manifest upload"],
  },
  "manifest-without-layers": {
    on: both,
    level: "SHOULD",
    section: "pushing-manifests",
    specification: "The list of blobs of a manifest may be empty.",
    ecr: "405 UNSUPPORTED, 'Image has to have at least 1 layer'.",
    evidence: "observed",
    source: "werf/werf #2544, aws/containers-roadmap #876",
    official: ["Manifest Upload: Registry should accept a manifest upload with no layers (warns)"],
  },
  "manifest-refused-status": {
    on: both,
    level: "SHOULD",
    section: "error-codes",
    specification: "What is no valid manifest is MANIFEST_INVALID.",
    ecr: "405 UNSUPPORTED with the API's text.",
    evidence: "observed",
    source: "opcr-io/policy #149, falcosecurity/falcoctl #302, containers/image #584",
  },
  "manifest-get-digest": {
    on: both,
    level: "SHOULD",
    section: "pulling-manifests",
    specification: "GET of a manifest tells its Docker-Content-Digest.",
    ecr: "Only HEAD does.",
    evidence: "observed",
    source: "aws/containers-roadmap #1931; for the public host the answer in fluxcd/flux #3492",
  },
  "blob-get-redirect": {
    on: both,
    level: "MUST",
    section: "pulling-blobs",
    specification: "GET of a blob is answered with 200 and the bytes, and tells the digest.",
    ecr: "307 to a signed address at the storage service, without digest; the 200 comes from there.",
    evidence: "observed",
    source:
      "starport bucket in the CLI reference of get-download-url-for-layer; CloudFront for public.ecr.aws. Clients follow it.",
  },
  "tag-immutable": {
    on: ["private"],
    level: "silent",
    section: "pushing-manifests",
    specification: "A tag may be pushed again; there is no code for a tag that may not.",
    ecr: "Under an immutable tag 400 TAG_INVALID with a text of its own, also for the image that already has the tag.",
    evidence: "observed",
    source: "aws/containers-roadmap #750, #2179, #2380",
  },
  "push-to-missing-repository": {
    on: both,
    level: "silent",
    section: "pushing-blobs",
    specification: "Whether a push makes its repository is the registry's choice.",
    ecr: "404 NAME_UNKNOWN; at the private host unless a creation template covers the name.",
    evidence: "observed",
    source: "moby/moby #48214; user guide, repository creation templates",
    official: [
      "Cross-Repository Blob Mount: Cross-mounting of a blob without the from argument should yield session id (unless OCI_CROSSMOUNT_NAMESPACE is there)",
      "Cross-Repository Blob Mount: POST request to mount another repository's blob should return 201 or 202 (the same)",
    ],
  },
  "unauthorized-code": {
    on: both,
    level: "silent",
    section: "error-codes",
    specification: "The code of a request without credentials is UNAUTHORIZED.",
    ecr: "Private: plain text. Public: DENIED.",
    evidence: "observed",
    source: "enix/kube-image-keeper #172 (private), fluxcd/flux #3492 (public)",
  },
  "bad-bearer-status": {
    on: ["public"],
    level: "silent",
    section: "api",
    specification: "A bearer that is not good is 401 with a challenge (RFC 6750).",
    ecr: "400 without a challenge.",
    evidence: "observed",
    source: "aws/containers-roadmap #2835",
  },
  "tags-content-type": {
    on: ["private"],
    level: "SHOULD",
    section: "listing-tags",
    specification: "The body is JSON, which Content-Type would tell.",
    ecr: "text/plain; charset=utf-8.",
    evidence: "documented",
    source: "user guide, sample of the registry's HTTP API",
  },
  "tags-page-limit": {
    on: both,
    level: "silent",
    section: "listing-tags",
    specification: "`n` is any whole number; a shorter page comes with a Link.",
    ecr: "More than 1,000 is refused with 400.",
    evidence: "observed",
    source: "google/go-containerregistry, note on ECR; the code and status are assumed",
  },
  "referrers-of-missing-repository": {
    on: both,
    level: "MUST",
    section: "listing-referrers",
    specification: "A registry with the referrers API never answers it with 404.",
    ecr: "404 NAME_UNKNOWN for a repository that is not there, as everywhere else.",
    evidence: "assumed",
    source: "ListImageReferrers lists RepositoryNotFoundException (API reference)",
  },
  catalog: {
    on: both,
    level: "silent",
    section: "endpoints",
    specification: "There is no list of repositories.",
    ecr: "Private: Docker's _catalog, for whoever has credentials. Public: none, 404.",
    evidence: "observed",
    source: "google/go-containerregistry, note on ECR (private); the public host's 404 is assumed",
  },
  "tag-delete-last": {
    on: both,
    level: "silent",
    section: "deleting-tags",
    specification: "Deleting a tag says nothing about the manifest.",
    ecr: "The last tag takes the manifest with it.",
    evidence: "documented",
    source: "API reference, BatchDeleteImage",
  },
  "manifest-delete-referenced": {
    on: both,
    level: "silent",
    section: "deleting-manifests",
    specification: "Deletion is 202, or disabled with 400 or 405.",
    ecr: "405 UNSUPPORTED while an index refers to the manifest.",
    evidence: "assumed",
    source: "ImageReferencedByManifestList of BatchDeleteImage (API model); its status here is not recorded",
  },
  "blob-delete-referenced": {
    on: both,
    level: "silent",
    section: "deleting-blobs",
    specification: "Deletion is 202, or disabled with 400 or 405.",
    ecr: "405 UNSUPPORTED while a manifest refers to the blob.",
    evidence: "assumed",
    source: "ECR has no call that deletes a layer",
  },
} as const satisfies Record<string, KnownDifference>;

export type DifferenceId = keyof typeof list;
export const knownDifferences: Readonly<Record<DifferenceId, KnownDifference>> = list;

/** Whether the host of this side differs there. */
export function differs(id: DifferenceId, side: Side): boolean {
  return knownDifferences[id].on.includes(side);
}
