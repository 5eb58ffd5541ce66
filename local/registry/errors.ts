/** Every error of a request -> what the client sees. One table for both hosts. */
import { AwsError } from "../aws/call.ts";
import { type OciCode, OciError } from "./oci-error.ts";

type Told = readonly [status: number, code: OciCode];

/** [seen]: recorded in public reports of ECR; the others follow the OCI specification or what Docker's registry does. */
const byException: Readonly<Record<string, Told>> = {
  // [seen]
  RepositoryNotFoundException: [404, "NAME_UNKNOWN"],
  RegistryNotFoundException: [404, "NAME_UNKNOWN"],
  ImageNotFoundException: [404, "MANIFEST_UNKNOWN"],
  LayersNotFoundException: [404, "BLOB_UNKNOWN"],
  LayerInaccessibleException: [404, "BLOB_UNKNOWN"],
  // [seen] text and code; the status is not recorded
  ReferencedImagesNotFoundException: [404, "MANIFEST_BLOB_UNKNOWN"],
  UploadNotFoundException: [404, "BLOB_UPLOAD_UNKNOWN"],
  EmptyUploadException: [400, "BLOB_UPLOAD_INVALID"],
  LayerPartTooSmallException: [400, "BLOB_UPLOAD_INVALID"],
  // [seen] 416
  InvalidLayerPartException: [416, "BLOB_UPLOAD_INVALID"],
  // [seen] at both hosts (dotnet/sdk-container-builds #424, #472)
  InvalidLayerException: [400, "BLOB_UPLOAD_INVALID"],
  ImageDigestDoesNotMatchException: [400, "DIGEST_INVALID"],
  // [seen]
  ImageTagAlreadyExistsException: [400, "TAG_INVALID"],
  AccessDeniedException: [403, "DENIED"],
  KmsException: [403, "DENIED"],
  // [seen] 403 when a repository held its most images (containers-roadmap #2159)
  LimitExceededException: [403, "DENIED"],
  // [seen]
  ThrottlingException: [429, "TOOMANYREQUESTS"],
};

/** InvalidParameterException names the member it is about. */
const byMember: Readonly<Record<string, Told>> = {
  // [seen] (opcr-io/policy #149, falcoctl #302, containers/image #584)
  ImageManifest: [405, "UNSUPPORTED"],
  imageTag: [400, "TAG_INVALID"],
  imageDigest: [400, "DIGEST_INVALID"],
  layerDigests: [400, "DIGEST_INVALID"],
  repositoryName: [400, "NAME_INVALID"],
  maxResults: [400, "PAGINATION_NUMBER_INVALID"],
};

/** The refusal to tell; undefined for an error that is ours and not the client's. */
export function toOciError(error: unknown, method = ""): OciError | undefined {
  if (error instanceof OciError) return error;
  if (!(error instanceof AwsError)) return undefined;
  const [status, code] = statusOf(error);
  // The one exception with two meanings: layers that a manifest lacks, and a layer that is asked for.
  const isOfManifest = error.code === "LayersNotFoundException" && method === "PUT";
  return new OciError(status, isOfManifest ? "MANIFEST_BLOB_UNKNOWN" : code, error.message);
}

function statusOf(error: AwsError): Told {
  const member = /^Invalid parameter at '(\w+)'/.exec(error.message)?.[1] ?? "";
  const isOfMember = error.code === "InvalidParameterException" && Object.hasOwn(byMember, member);
  return (isOfMember ? byMember[member] : byException[error.code]) ?? [error.status, "UNKNOWN"];
}
