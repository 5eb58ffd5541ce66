/** The published rates as the local account keeps to them, when asked (`--throttle`). */
import { AwsError, type Call, type ServiceName } from "../aws/call.ts";
import { quotas as published, type Quota } from "./quotas.ts";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";

export interface RatesOptions {
  readonly clock: () => Date;
  /** Of the account. ECR's quotas hold per Region: calls in another one have buckets of their own. */
  readonly region: string;
  /** Default: the published ones. */
  readonly quotas?: readonly Quota[];
}

export interface RateStatus extends Quota {
  readonly region: string;
  readonly taken: number;
  readonly refused: number;
}

export interface Rates {
  /**
   * For `observe` of createPerform, which every call goes through, from the API or from a client of the registries. Error: ThrottlingException
   * "Rate exceeded" (recorded), which the registry hosts tell as 429 TOOMANYREQUESTS. A call without a published rate always passes.
   */
  observe(call: Pick<Call, "service" | "operation" | "region" | "identity">): void;
  list(): RateStatus[];
}

interface Metered extends Quota {
  readonly region: string;
  readonly bucket: TokenBucket;
  taken: number;
  refused: number;
}

/** ECR Public is one service for all Regions. */
const PUBLIC_REGION = "us-east-1";

/** Token buckets of the quotas. Each holds as much as comes in a second: how long a burst AWS takes is not published. */
export function createRates({ clock, region, quotas = published }: RatesOptions): Rates {
  const metered = new Map<string, Metered>();
  const keyOf = (service: ServiceName, operation: string, at: string) => `${service}:${operation}@${at}`;

  function meter(quota: Quota, at: string): Metered {
    const { service, operation, perSecond } = quota;
    const key = keyOf(service, operation, at);
    const found = metered.get(key);
    if (found !== undefined) return found;
    const bucket = createTokenBucket({ perSecond, capacity: perSecond });
    const made: Metered = { ...quota, region: at, bucket, taken: 0, refused: 0 };
    metered.set(key, made);
    return made;
  }

  const homeOf = (service: ServiceName, at: string) => (service === "ecr-public" ? PUBLIC_REGION : at);
  for (const quota of quotas) meter(quota, homeOf(quota.service, region));

  return {
    observe(call) {
      // What a service does on its own behalf is not the account's call.
      if (call.identity.type === "service") return;
      const quota = quotas.find(({ service, operation }) => service === call.service && operation === call.operation);
      if (quota === undefined) return;
      const found = meter(quota, homeOf(call.service, call.region));
      if (found.bucket.take(clock().getTime())) found.taken += 1;
      else {
        found.refused += 1;
        throw new AwsError("ThrottlingException", "Rate exceeded");
      }
    },
    list: () => [...metered.values()].map(({ bucket: _, ...status }) => status),
  };
}
