/** Wildcards and policy variables in the texts of a policy. */
import type { RequestContext } from "./iam.ts";

/**
 * Whether `text` is what `pattern` describes: `*` any run, `?` one character, `${key}` the value of a condition key, literally,
 * `${key, 'default'}` with a default, `${*}`, `${?}` and `${$}` the characters themselves. A variable without a value matches nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function matches(pattern: string, text: string, context: RequestContext): boolean {
  let source = "";
  for (const token of pattern.match(/\$\{[^}]*\}|[\s\S]/g) ?? []) {
    if (token === "*") source += "[\\s\\S]*";
    else if (token === "?") source += "[\\s\\S]";
    else if (token.startsWith("${")) {
      const value = variable(token.slice(2, -1), context);
      if (value === undefined) return false;
      source += literal(value);
    } else source += literal(token);
  }
  return new RegExp(`^${source}$`).test(text);
}

/** The text with its variables replaced and its wildcards left as plain characters, or undefined when a variable has no value. */
export function substitute(pattern: string, context: RequestContext): string | undefined {
  let missing = false;
  const text = pattern.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = variable(name, context);
    if (value === undefined) missing = true;
    return value ?? "";
  });
  return missing ? undefined : text;
}

function variable(inner: string, context: RequestContext): string | undefined {
  if (inner === "*" || inner === "?" || inner === "$") return inner;
  const [, name, fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inner) ?? [];
  const value = name === undefined ? undefined : context[name.toLowerCase()];
  return typeof value === "string" ? value : fallback;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
