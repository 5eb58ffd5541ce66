import { type AuthorizationData, type ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import {
  type ECRPUBLICClient,
  GetAuthorizationTokenCommand as GetPublicAuthorizationTokenCommand,
} from "@aws-sdk/client-ecr-public";
import { transient } from "../errors.ts";
import { attempt } from "./errors.ts";

/** Gives the value of an Authorization header; `renew` passes over a kept token that the registry has refused. */
export type Authorization = (options?: { renew?: boolean }) => Promise<string>;

/** How the private registry is reached. */
export interface PrivateRegistry {
  readonly authorization: Authorization;
  /** `https://<account>.dkr.ecr.<region>.amazonaws.com`, as ECR itself tells it beside the token. */
  readonly baseUrl: () => Promise<string>;
}

/** A token is good for 12 hours; one with less left than this is fetched anew, so that it outlives the invocation it starts. */
const MARGIN_MS = 20 * 60_000;

interface Token {
  readonly header: string;
  readonly endpoint: string | undefined;
  readonly expiresAt: Date;
}

/**
 * Address of the private registry, and its header: `Basic <authorizationToken>`, kept for the life of the container.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html. Errors: AutopilotError.
 */
export function privateRegistry(ecr: ECRClient): PrivateRegistry {
  const token = keep(async () => {
    const output = await attempt("get an ECR authorization token", () =>
      ecr.send(new GetAuthorizationTokenCommand({})),
    );
    return toToken("Basic", "ECR", output.authorizationData?.[0]);
  });
  return {
    authorization: async (options) => (await token(options)).header,
    baseUrl: async () => {
      const { endpoint } = await token();
      if (endpoint === undefined)
        throw transient("ecr-token-missing", "ECR answered GetAuthorizationToken without an endpoint");
      return endpoint;
    },
  };
}

/**
 * Header for public.ecr.aws: `Bearer <authorizationToken>`; Basic with it is refused. The answer is one object, not a list
 * (API model). https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html. Errors: AutopilotError.
 */
export function publicAuthorization(client: ECRPUBLICClient): Authorization {
  const token = keep(async () => {
    const output = await attempt("get an ECR Public authorization token", () =>
      client.send(new GetPublicAuthorizationTokenCommand({})),
    );
    return toToken("Bearer", "ECR Public", output.authorizationData);
  });
  return async (options) => (await token(options)).header;
}

function toToken(scheme: string, service: string, data: Partial<AuthorizationData> | undefined): Token {
  if (data?.authorizationToken === undefined) {
    throw transient("ecr-token-missing", `${service} answered GetAuthorizationToken without a token`);
  }
  const { authorizationToken, expiresAt = new Date(0), proxyEndpoint } = data;
  return { header: `${scheme} ${authorizationToken}`, endpoint: proxyEndpoint, expiresAt };
}

function keep(fetchToken: () => Promise<Token>): (options?: { renew?: boolean }) => Promise<Token> {
  let kept: Promise<Token> | undefined;
  const fetchAnew = (): Promise<Token> => {
    const fetched = fetchToken();
    kept = fetched;
    // A failed fetch is told to everybody who waits for it, and not kept.
    fetched.catch(() => {
      if (kept === fetched) kept = undefined;
    });
    return fetched;
  };
  return async ({ renew = false } = {}) => {
    const current = kept;
    const token = await (renew || current === undefined ? fetchAnew() : current);
    if (token.expiresAt.getTime() - Date.now() > MARGIN_MS) return token;
    // Whoever came first has begun the next fetch.
    return kept === current || kept === undefined ? fetchAnew() : kept;
  };
}
