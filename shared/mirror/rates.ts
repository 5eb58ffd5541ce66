import { createLimiter, type Limiter } from "../pacing/limiter.ts";

/**
 * Calls a second that AWS publishes, by API action; a push over OCI distribution counts as these, too.
 * https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html,
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 */
const PUBLIC: Readonly<Record<string, number>> = {
  BatchCheckLayerAvailability: 200,
  InitiateLayerUpload: 10,
  UploadLayerPart: 260,
  CompleteLayerUpload: 10,
  PutImage: 10,
};
const PRIVATE: Readonly<Record<string, number>> = { BatchGetImage: 2_000 };
/** Of the actions whose rate is not published: a guess that adapts. */
const UNPUBLISHED = 200;
/** What one container begins with: several work at once, and each finds its share when the service complains. */
const SHARE = 0.5;

export type LimiterOf = (action: string) => Limiter | undefined;

export function publicLimiters(): LimiterOf {
  return limiters(PUBLIC);
}

export function privateLimiters(): LimiterOf {
  return limiters(PRIVATE);
}

/** One limiter for each action, made at its first call, and kept for the life of the container. */
function limiters(rates: Readonly<Record<string, number>>): LimiterOf {
  const made = new Map<string, Limiter>();
  return (action) => {
    const limiter = made.get(action) ?? createLimiter({ perSecond: (rates[action] ?? UNPUBLISHED) * SHARE });
    made.set(action, limiter);
    return limiter;
  };
}
