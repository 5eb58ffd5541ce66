import { permanent } from "../errors.ts";

/** Where a repository is, out of its URI: base URL of the registry, and the name under it. */
export interface RepositoryLocation {
  /** `https://public.ecr.aws`, without a slash at the end. */
  readonly baseUrl: string;
  /** `<alias>/<name>` at ECR Public. */
  readonly repository: string;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/**
 * The location in a repository URI, `host[:port]/name`. Errors: permanent `repository-uri-invalid`.
 */
export function locate(repositoryUri: string): RepositoryLocation {
  const [, host, repository] = /^([^/]+)\/(.+)$/.exec(repositoryUri) ?? [];
  if (host === undefined || repository === undefined) {
    throw permanent("repository-uri-invalid", `a repository URI is host/name, not '${repositoryUri}'`);
  }
  return { baseUrl: baseUrlOf(host), repository };
}

/**
 * Base URL of a registry host. A registry on this machine's loopback speaks plain HTTP, as docker, crane and skopeo take it too;
 * every other one HTTPS.
 */
export function baseUrlOf(host: string): string {
  return `${isLoopback(host) ? "http" : "https"}://${host}`;
}

/** Whether `host[:port]` is this machine's loopback, and not a name that only looks like it. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
