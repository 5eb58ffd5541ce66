import { ApiError } from "./problem.ts";

/** A place in a list as a text for the caller, who gives it back as it is. */
export function toNext(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** The place in such a text: an object. What it holds is for its reader to check. Errors: ApiError `next-refused`. */
export function fromNext(next: string): object {
  try {
    const position: unknown = JSON.parse(Buffer.from(next, "base64url").toString());
    if (typeof position === "object" && position !== null && !Array.isArray(position)) return position;
  } catch {
    // No JSON: refused like everything else that was never given.
  }
  throw nextRefused();
}

export function nextRefused(): ApiError {
  return new ApiError(
    "next-refused",
    "next is not what an earlier answer gave, or it has grown too old; begin without it",
    {
      rule: "next",
    },
  );
}
