import * as v from "valibot";

/** Shapes of an event's members, where valibot takes more than is meant: a list for an object, infinity for a number. */

/** An object with at least these members; others are left out of what is read. */
export function object<const Members extends v.ObjectEntries>(members: Members) {
  return noList(v.object(members));
}

/** An object with these members and no others. */
export function strictObject<const Members extends v.ObjectEntries>(members: Members) {
  return noList(v.strictObject(members));
}

/** An object with members of any name, all of one shape. */
export function record<const Member extends v.GenericSchema>(member: Member) {
  return noList(v.record(v.string(), member));
}

/** A string that says something. */
export const text = v.pipe(v.string(), v.nonEmpty());

export const number = v.pipe(v.number(), v.finite());

/** The one custom shape, so that parse.ts has a word for it. */
function noList<Schema extends v.GenericSchema>(schema: Schema) {
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  return v.pipe(v.custom<v.InferInput<Schema>>(isObject), schema);
}
