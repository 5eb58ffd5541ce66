/** The KMS keys that repositories can be encrypted with. KMS has no local form: all that is known of a key is whether it is there. */
import { type AccountContext, AwsError } from "../aws/call.ts";
import type { Encryption } from "./settings.ts";

type Place = Pick<AccountContext, "accountId" | "region">;
type PlaceWithKeys = Place & Pick<AccountContext, "kmsKeys">;

/** As ECR's API model has it for creation templates. */
const KEY_ARN = /^arn:aws[a-z0-9-]*:kms:([a-z0-9-]+):(\d{12}):key\/[a-z0-9-]+$/;
/** A UUID, or `mrk-` before 32 digits for a multi-Region key (KMS developer guide, "Key identifiers"). */
const KEY_ID = /^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const ALIAS = /^(?:arn:aws[a-z0-9-]*:kms:([a-z0-9-]+):(\d{12}):)?(alias\/[a-zA-Z0-9/_-]+)$/;

/** Alias and id of the key that AWS manages for ECR. */
const SERVICE_ALIAS = "alias/aws/ecr";
const SERVICE_KEY_ID = "e0c1a2b3-64d5-4e6f-8a7b-9c0d1e2f3a4b";

/**
 * The encryption as the new repository has it. ECR asks KMS for the ARN of the key (user guide, "Encryption at rest"), so that is what shows,
 * also where an id, an alias or nothing was given (Terraform's acceptance tests see `key/UUID` for nothing).
 *
 * `caller`: ARN of who makes the repository. Error: KmsException, with KMS's own code and words, for a key that cannot be used: one of another
 * Region or account, one that is not in `kmsKeys`, an alias other than ECR's.
 */
export function encryptionOfNew(place: PlaceWithKeys, encryption: Encryption, caller: string): Encryption {
  const { encryptionType, kmsKey = "" } = encryption;
  return encryptionType === "AES256" ? encryption : { encryptionType, kmsKey: usableKey(place, kmsKey, caller) };
}

/** ARN of the customer's key of this account and Region that is asked for by ARN or id, be it there or not; undefined for any other. */
export function customerKey(place: Place, asked: string): string | undefined {
  const arn = KEY_ID.test(asked) ? keyArn(place, asked) : asked;
  const [, region, accountId] = KEY_ARN.exec(arn) ?? [];
  return region === place.region && accountId === place.accountId && !isServiceKey(arn) ? arn : undefined;
}

export function isServiceKey(arn: string): boolean {
  return arn.endsWith(`:key/${SERVICE_KEY_ID}`);
}

/** What KMS has refused to do in the caller's name, as ECR tells it. */
export function kmsDenied(message: string): AwsError {
  return new AwsError("KmsException", message, { fields: { kmsError: "AccessDeniedException" } });
}

function usableKey(place: PlaceWithKeys, asked: string, caller: string): string {
  const service = keyArn(place, SERVICE_KEY_ID);
  if (asked === "" || asked === service || isServiceAlias(place, asked)) return service;
  const key = customerKey(place, asked);
  if (key === undefined) throw noSuchKey(place, asked, caller);
  const isThere = place.kmsKeys?.some((known) => customerKey(place, known) === key) ?? true;
  if (!isThere) throw notFound(`Key '${key}' does not exist`);
  return key;
}

function isServiceAlias({ region, accountId }: Place, asked: string): boolean {
  return asked === SERVICE_ALIAS || asked === `arn:aws:kms:${region}:${accountId}:${SERVICE_ALIAS}`;
}

/** Seen: the texts for an alias (cosign #1474), for a key (botocore #2107) and for another Region (DynamoDB's reports of KMS errors). */
function noSuchKey(place: Place, asked: string, caller: string): AwsError {
  const [, region = place.region, accountId = place.accountId, alias] = ALIAS.exec(asked) ?? KEY_ARN.exec(asked) ?? [];
  if (region !== place.region) return notFound(`Invalid arn ${region}`);
  if (alias !== undefined) return notFound(`Alias arn:aws:kms:${region}:${accountId}:${alias} is not found.`);
  if (accountId === place.accountId) return notFound(`Invalid keyId '${asked}'`);
  return kmsDenied(
    `User: ${caller} is not authorized to perform: kms:DescribeKey on resource: ${asked} because no resource-based policy allows the kms:DescribeKey action`,
  );
}

function notFound(message: string): AwsError {
  return new AwsError("KmsException", message, { fields: { kmsError: "NotFoundException" } });
}

function keyArn({ region, accountId }: Place, id: string): string {
  return `arn:aws:kms:${region}:${accountId}:key/${id}`;
}
