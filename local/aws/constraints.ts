/**
 * What an input of an AWS operation must look like, as a value, and the one function that holds an input against it.
 *
 * ECR speaks in two manners (both seen in its replies), so a string says which is its own:
 * - "member", from the framework that AWS services share: `Member must satisfy enum value set: [IMMUTABLE, …]`;
 * - "own", from ECR itself, for names: `must satisfy regular expression '…'`, `must not be null`.
 */
import { holdLimits } from "./constraint-limits.ts";
import { decodeTypes } from "./constraint-types.ts";

export interface StringShape {
  readonly kind: "string";
  /** In characters, not UTF-16 units. */
  readonly min?: number;
  readonly max?: number;
  /** Source of the pattern as the service prints it; matched from end to end. */
  readonly pattern?: string;
  /** An equal pattern to match with, where the printed one would take exponential time. */
  readonly matchedAs?: string;
  readonly values?: readonly string[];
  readonly wording?: "member" | "own";
}

export interface NumberShape {
  readonly kind: "integer" | "long";
  readonly min?: number;
  readonly max?: number;
}

export interface ListShape {
  readonly kind: "list";
  readonly of: Shape;
  readonly min?: number;
  readonly max?: number;
  readonly memberField?: string;
}

export interface StructureShape {
  readonly kind: "structure";
  readonly members: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}

export type Shape =
  | StringShape
  | NumberShape
  | { readonly kind: "boolean" | "any" }
  | { readonly kind: "blob"; readonly max?: number }
  | ListShape
  | StructureShape;

export function string(limits: Omit<StringShape, "kind"> = {}): Shape {
  return { kind: "string", ...limits };
}

export function integer(limits: { min?: number; max?: number } = {}): Shape {
  return { kind: "integer", ...limits };
}

export function long(limits: { min?: number; max?: number } = {}): Shape {
  return { kind: "long", ...limits };
}

export function boolean(): Shape {
  return { kind: "boolean" };
}

/** A value passed on unlooked at, for members whose structure an operation checks itself. */
export function any(): Shape {
  return { kind: "any" };
}

/** Base64 on the wire, a Buffer after the check; `max` in bytes. */
export function blob(limits: { max?: number } = {}): Shape {
  return { kind: "blob", ...limits };
}

/** `memberField`: the field that the service blames for a bad element, where it does not blame the list. */
export function list(of: Shape, limits: { min?: number; max?: number; memberField?: string } = {}): Shape {
  return { kind: "list", of, ...limits };
}

/** Members that are not named here are dropped, as AWS drops them. */
export function structure(members: Record<string, Shape>, required: readonly string[] = []): Shape {
  return { kind: "structure", members, required };
}

/**
 * The input with unknown and null members dropped and blobs decoded. Wrong JSON types anywhere come first
 * (SerializationException), as the service cannot read the request before that; then the first broken constraint in the
 * order of the members (InvalidParameterException).
 */
export function check(shape: Shape, input: unknown): Record<string, unknown> {
  const value = decodeTypes(shape, input ?? {});
  holdLimits(shape, value);
  return value as Record<string, unknown>;
}
