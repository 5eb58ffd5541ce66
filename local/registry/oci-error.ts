/** Refusals as an OCI registry tells them: `{"errors":[{"code","message"}]}`. */

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes, and UNKNOWN of Docker's registry. */
export type OciCode =
  | "BLOB_UNKNOWN"
  | "BLOB_UPLOAD_INVALID"
  | "BLOB_UPLOAD_UNKNOWN"
  | "DENIED"
  | "DIGEST_INVALID"
  | "MANIFEST_BLOB_UNKNOWN"
  | "MANIFEST_INVALID"
  | "MANIFEST_UNKNOWN"
  | "NAME_INVALID"
  | "NAME_UNKNOWN"
  | "PAGINATION_NUMBER_INVALID"
  | "SIZE_INVALID"
  | "TAG_INVALID"
  | "TOOMANYREQUESTS"
  | "UNKNOWN"
  | "UNSUPPORTED";

/** A refusal whose status, code and text are the client's to see; `headers` go with it. */
export class OciError extends Error {
  readonly status: number;
  readonly code: OciCode;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: OciCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "OciError";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
