/** Which resource of an API a path leads to. */
import type { RestResource } from "./rest-api.ts";

export interface Match {
  readonly resource: RestResource;
  /** As they stand in the path, not decoded (recorded for greedy ones). */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * The most specific resource for the path: segment by segment a literal goes before `{parameter}`, and that before the greedy `{parameter+}`.
 * A slash at the end counts for nothing (recorded). The resource is chosen before the method (assumed): one that lacks the method
 * is not passed over for a greedy one.
 */
export function matchResource(resources: readonly RestResource[], path: string): Match | undefined {
  const segments = segmentsOf(path);
  let best: { match: Match; rank: string } | undefined;
  for (const resource of resources) {
    const found = matchOne(segmentsOf(resource.path), segments);
    if (found === undefined || (best !== undefined && best.rank <= found.rank)) continue;
    best = { match: { resource, pathParameters: found.parameters }, rank: found.rank };
  }
  return best?.match;
}

/** `rank`: one digit per segment of the pattern, smaller is more specific. */
function matchOne(pattern: readonly string[], segments: readonly string[]) {
  const parameters: Record<string, string> = {};
  let rank = "";
  for (const [index, part] of pattern.entries()) {
    const rest = segments.slice(index).join("/");
    const [segment] = segments.slice(index);
    const [, name, greedy] = /^\{([^}+]+)(\+?)\}$/.exec(part) ?? [];
    if (segment === undefined || segment === "") return undefined;
    if (name === undefined) {
      if (part !== segment) return undefined;
      rank += "0";
    } else if (greedy === "+") {
      parameters[name] = rest;
      return { parameters, rank: `${rank}2` };
    } else {
      parameters[name] = segment;
      rank += "1";
    }
  }
  return segments.length === pattern.length ? { parameters, rank } : undefined;
}

function segmentsOf(path: string): string[] {
  const inner = path.replace(/^\//, "").replace(/\/+$/, "");
  return inner === "" ? [] : inner.split("/");
}
