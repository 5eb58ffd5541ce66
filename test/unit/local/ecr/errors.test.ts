import { describe, expect, it } from "vitest";
import { AwsError } from "../../../../local/aws/call.ts";
import { type About, toAwsError } from "../../../../local/ecr/errors.ts";
import { StoreError, type StoreErrorCode } from "../../../../local/store/store.ts";

const about: About = {
  service: "ecr",
  registryId: "123456789012",
  repositoryName: "team-a/web",
  tag: "1.0",
  digest: "sha256:aa",
};

function told(code: StoreErrorCode, detail: Record<string, unknown> = {}, change: Partial<About> = {}): string {
  const error = toAwsError(new StoreError(code, "of the store", detail), { ...about, ...change });
  return error instanceof AwsError ? `${error.status} ${error.code}: ${error.message}` : "not told";
}

describe("errors of the store", () => {
  it.each<[StoreErrorCode, Record<string, unknown>, string]>([
    [
      "repository-unknown",
      {},
      "400 RepositoryNotFoundException: The repository with name 'team-a/web' does not exist in the registry with id '123456789012'",
    ],
    [
      "repository-exists",
      {},
      "400 RepositoryAlreadyExistsException: The repository with name 'team-a/web' already exists in the registry with id '123456789012'",
    ],
    [
      "repository-not-empty",
      {},
      "400 RepositoryNotEmptyException: The repository with name 'team-a/web' in registry with id '123456789012' cannot be deleted because it still contains images",
    ],
    [
      "image-exists",
      { digest: "sha256:bb", tag: "2.0" },
      "400 ImageAlreadyExistsException: Image with digest 'sha256:bb' and tag '2.0' already exists in the repository with name 'team-a/web' in registry with id '123456789012'",
    ],
    [
      "tag-immutable",
      { tag: "1.0" },
      "400 ImageTagAlreadyExistsException: The image tag '1.0' already exists in the 'team-a/web' repository and cannot be overwritten because the tag is immutable.",
    ],
    [
      "children-missing",
      { digests: ["sha256:cc", "sha256:dd"] },
      "400 ReferencedImagesNotFoundException: Images with digests '[sha256:cc, sha256:dd]' required for pushing image into repository with name 'team-a/web' in the registry with id '123456789012' do not exist",
    ],
    [
      "blob-unknown",
      { digest: "sha256:ee" },
      "400 LayersNotFoundException: The layer with digest sha256:ee does not exist within the repository with name 'team-a/web' in the registry with id '123456789012'",
    ],
    [
      "manifest-invalid",
      {},
      "400 InvalidParameterException: Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
    ],
  ])("are told in the recorded words: %s", (code, detail, expected) => {
    expect(told(code, detail)).toBe(expected);
  });

  it.each<[StoreErrorCode, string]>([
    ["blobs-missing", "LayersNotFoundException"],
    ["upload-unknown", "UploadNotFoundException"],
    ["upload-empty", "EmptyUploadException"],
    ["upload-part-small", "LayerPartTooSmallException"],
    ["digest-mismatch", "ImageDigestDoesNotMatchException"],
    ["blob-exists", "LayerAlreadyExistsException"],
    ["manifest-unknown", "ImageNotFoundException"],
    ["tag-invalid", "InvalidParameterException"],
    ["digest-invalid", "InvalidParameterException"],
  ])("have the modeled exception: %s is %s", (code, exception) => {
    expect(told(code)).toMatch(new RegExp(`^400 ${exception}: `));
  });

  it("speak of a layer where one was completed", () => {
    expect(told("digest-mismatch", {}, { operation: "CompleteLayerUpload" })).toMatch(/^400 InvalidLayerException: /);
  });

  it("tell a client where to resume an upload", () => {
    const error = toAwsError(new StoreError("upload-offset", "no", { received: 1024 }), { ...about, uploadId: "u" });

    expect(error).toMatchObject({
      code: "InvalidLayerPartException",
      fields: { registryId: "123456789012", repositoryName: "team-a/web", uploadId: "u", lastValidByteReceived: 1023 },
    });
  });

  it("leave every other error as it is", () => {
    const defect = new Error("x");

    expect(toAwsError(defect, about)).toBe(defect);
  });
});
