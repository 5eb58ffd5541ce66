/**
 * Verifies AWS Signature Version 4 in the Authorization header, as @aws-sdk clients and botocore write it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { AwsError } from "./call.ts";
import { canonicalRequest } from "./sigv4-canonical.ts";

export interface SignedRequest {
  readonly method: string;
  /** Path and query as they stood in the request line. */
  readonly url: string;
  /** Names in lower case, as node:http gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

export interface Secret {
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Who signed, and for which scope. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/** AWS refuses a signature that is further from its clock. */
const allowedSkewMinutes = 5;

/**
 * Who signed the request. `expected`: the scope that the endpoint answers for; what is left out is not checked.
 * Errors (AwsError, 400): MissingAuthenticationTokenException, IncompleteSignatureException, UnrecognizedClientException
 * (unknown key, wrong session token), InvalidSignatureException (signature, scope, clock).
 */
export function verifySignature(
  request: SignedRequest,
  secretFor: (accessKeyId: string) => Secret | undefined,
  expected: { service?: string; regions?: readonly string[]; now?: () => Date } = {},
): Signature {
  const header = one(request.headers.authorization);
  if (header === undefined) throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token");
  const { accessKeyId, date, region, service, signedHeaders, signature } = parseAuthorization(header);

  const secret = secretFor(accessKeyId);
  const token = one(request.headers["x-amz-security-token"]);
  if (secret === undefined || (secret.sessionToken ?? "") !== (token ?? "")) {
    throw new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  const timestamp = signingTime(request, date, expected.now?.() ?? new Date());
  if (expected.service !== undefined && service !== expected.service) {
    throw refused(`Credential should be scoped to correct service: '${expected.service}'.`);
  }
  if (expected.regions !== undefined && !expected.regions.includes(region)) {
    throw refused(`Credential should be scoped to a valid region, not '${region}'.`);
  }

  const scope = `${date}/${region}/${service}/aws4_request`;
  const digest = createHash("sha256").update(canonicalRequest(request, signedHeaders)).digest("hex");
  const key = ["aws4_request", service, region, date].reduceRight<string | Buffer>(
    hmac,
    `AWS4${secret.secretAccessKey}`,
  );
  const wanted = hmac(key, `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${digest}`);
  const given = Buffer.from(signature, "hex");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw refused(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
  }
  return { accessKeyId, region, service };
}

function parseAuthorization(header: string) {
  const fields = new Map<string, string>();
  for (const part of header.replace(/^AWS4-HMAC-SHA256\s+/, "").split(",")) {
    const at = part.indexOf("=");
    if (at > 0) fields.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  const names = ["Credential", "SignedHeaders", "Signature"];
  const missing = header.startsWith("AWS4-HMAC-SHA256 ") ? names.filter((name) => !fields.get(name)) : names;
  const scope = (fields.get("Credential") ?? "").split("/");
  const [accessKeyId, date, region, service, end] = scope;
  if (
    missing.length > 0 ||
    !accessKeyId ||
    !date ||
    !region ||
    !service ||
    end !== "aws4_request" ||
    scope.length !== 5
  ) {
    const lines = missing.map((name) => `Authorization header requires '${name}' parameter.`);
    const text =
      lines.length > 0
        ? lines.join(" ")
        : "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.";
    throw new AwsError("IncompleteSignatureException", text);
  }
  const signedHeaders = (fields.get("SignedHeaders") ?? "").split(";");
  if (!signedHeaders.includes("host")) {
    throw refused("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  return { accessKeyId, date, region, service, signedHeaders, signature: fields.get("Signature") ?? "" };
}

/** The `x-amz-date` of the request, once it agrees with the scope and with the clock. */
function signingTime(request: SignedRequest, scopeDate: string, now: Date): string {
  const text = one(request.headers["x-amz-date"]) ?? "";
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (parts === null) {
    throw new AwsError(
      "IncompleteSignatureException",
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  }
  if (!text.startsWith(scopeDate)) {
    throw refused(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scopeDate}' != '${text.slice(0, 8)}', from '${text}'.`,
    );
  }
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  const signed = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  const skew = allowedSkewMinutes * 60_000;
  const earliest = now.getTime() - skew;
  const latest = now.getTime() + skew;
  if (signed < earliest) {
    throw refused(
      `Signature expired: ${text} is now earlier than ${basicTime(earliest)} (${basicTime(now.getTime())} - ${allowedSkewMinutes} min.)`,
    );
  }
  if (signed > latest) {
    throw refused(
      `Signature not yet current: ${text} is still later than ${basicTime(latest)} (${basicTime(now.getTime())} + ${allowedSkewMinutes} min.)`,
    );
  }
  return text;
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}

function basicTime(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function refused(message: string): AwsError {
  return new AwsError("InvalidSignatureException", message);
}
