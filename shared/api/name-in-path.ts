import { checkRepositoryName } from "../policy/repository-name.ts";
import { ApiError } from "./problem.ts";

/**
 * The repository name in what stands in a path, with its slashes as they are or as `%2F`. A REST API gives a function the path as it was
 * sent, percent-encoded (measured in hotsock/voker #8, told in middleapi/standard-server #93); it is decoded here, once. No name holds a
 * "%", so a name that came decoded would be the same, and one that was encoded twice is refused like every other that ECR does not take:
 * with `..` in it, with control characters, too long. Errors: ApiError `name-refused`, rule `service`, or `encoding` for what is no UTF-8.
 */
export function nameInPath(encoded: string): string {
  const name = decodedOnce(encoded);
  const reason = checkRepositoryName(name);
  if (reason === undefined) return name;
  const hint = name.includes("%") ? "; a name is percent-encoded once at most" : "";
  throw new ApiError("name-refused", `${reason}${hint}`, { rule: "service" });
}

/** Text in a path, decoded once. Errors: as above. */
export function decodedOnce(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    const detail = `${JSON.stringify(encoded.slice(0, 300))} is not percent-encoded UTF-8`;
    throw new ApiError("name-refused", detail, { rule: "encoding" });
  }
}
