/** Message attributes as they come over the wire: checked, filtered by name, and digested. */
import { createHash } from "node:crypto";
import { AwsError } from "../aws/call.ts";
import type { MessageAttribute } from "./message.ts";

type Attributes = Readonly<Record<string, MessageAttribute>>;

/**
 * The attributes of a message to send. Errors (InvalidParameterValue): a name, a type or a value that SQS refuses.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function readAttributes(given: unknown): Attributes {
  if (given === undefined || given === null) return {};
  if (!isObject(given)) throw invalid("Message attributes must be a map of names to values.");
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, readAttribute(name, value)]));
}

function readAttribute(name: string, given: unknown): MessageAttribute {
  if (!/^[A-Za-z0-9_.-]{1,256}$/.test(name)) {
    throw invalid(
      `Message (user) attribute name '${name}' is invalid. It may contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.), and at most 256 characters.`,
    );
  }
  const { DataType, StringValue, BinaryValue } = isObject(given) ? given : {};
  if (typeof DataType !== "string" || DataType === "") {
    throw invalid(`The message attribute '${name}' must contain non-empty message attribute type.`);
  }
  const [type = ""] = DataType.split(".");
  if (!["String", "Number", "Binary"].includes(type)) {
    throw invalid(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  const value = type === "Binary" ? BinaryValue : StringValue;
  if (typeof value !== "string" || value === "") {
    // Recorded, with type String.
    throw invalid(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`);
  }
  return type === "Binary" ? { DataType, BinaryValue: value } : { DataType, StringValue: value };
}

/** The X-Ray header: the only system attribute that a sender may set. Error: any other. */
export function readTraceHeader(given: unknown): string | undefined {
  const attributes = readAttributes(given);
  const other = Object.keys(attributes).find((name) => name !== "AWSTraceHeader");
  if (other !== undefined) {
    throw invalid(`Message system attribute name '${other}' is invalid. Only 'AWSTraceHeader' is supported.`);
  }
  return attributes.AWSTraceHeader?.StringValue;
}

/** What ReceiveMessage gives for MessageAttributeNames: `All` or `.*` for all, `prefix.*` for those that begin so (recorded: `Hel.*` gives Help.Me and Hello). */
export function selectAttributes(attributes: Attributes, names: readonly string[]): Attributes {
  const isWanted = (name: string): boolean =>
    names.some((wanted) => {
      if (wanted === "All" || wanted === ".*") return true;
      return wanted.endsWith(".*") ? name.startsWith(wanted.slice(0, -2)) : name === wanted;
    });
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

/**
 * MD5OfMessageAttributes; undefined without attributes. Clients compute it too and refuse another one.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html, "Calculating the MD5 message digest"
 */
export function md5OfAttributes(attributes: Attributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = "", StringValue, BinaryValue = "" } = attributes[name] ?? {};
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([StringValue === undefined ? 2 : 1]));
    add(StringValue === undefined ? Buffer.from(BinaryValue, "base64") : Buffer.from(StringValue));
  }
  return hash.digest("hex");
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
