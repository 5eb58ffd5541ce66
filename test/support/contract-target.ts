/** What the contract is held against: the local account in its two forms, or endpoints that the environment names. */
import { startLocalTarget } from "./contract-local.ts";

export type Side = "private" | "public";
export const sides: readonly Side[] = ["private", "public"];

export interface Endpoint {
  readonly url: string;
  readonly region: string;
}

/** A target that answers. */
export interface RunningTarget {
  readonly name: string;
  readonly endpoints: Readonly<Partial<Record<Side, Endpoint>>>;
  /** Absent: wherever the SDK looks for them (variables, profile, role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  close(): Promise<void>;
}

export interface ContractTarget {
  readonly name: string;
  /** The services that it has. */
  readonly sides: readonly Side[];
  /** Whether cases that cost money or need an account of one's own may run. */
  readonly runsAll: boolean;
  /** Milliseconds that one case may take. */
  readonly patience: number;
  start(): Promise<RunningTarget>;
}

/** ECR Public answers for the whole account in this Region. */
const publicRegion = "us-east-1";

/**
 * With ECR_ENDPOINT or ECR_PUBLIC_ENDPOINT, that account (AWS_REGION says where the first one is; CONTRACT_ALL=1 runs the marked
 * cases too); without them the local account in memory and on disk. Errors: an endpoint that is no URL, a missing Region.
 */
export function contractTargets(environment: NodeJS.ProcessEnv = process.env): ContractTarget[] {
  const given = {
    private: readEndpoint(environment, "ECR_ENDPOINT", environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION),
    public: readEndpoint(environment, "ECR_PUBLIC_ENDPOINT", publicRegion),
  };
  const named = sides.filter((side) => given[side] !== undefined);
  if (named.length === 0) return (["memory", "disk"] as const).map(localTarget);
  const endpoints = Object.fromEntries(named.map((side) => [side, given[side]]));
  const name = named.map((side) => given[side]?.url).join(" and ");
  return [
    {
      name,
      sides: named,
      runsAll: environment.CONTRACT_ALL === "1",
      patience: 120_000,
      start: async () => ({ name, endpoints, close: async () => {} }),
    },
  ];
}

function localTarget(form: "memory" | "disk"): ContractTarget {
  const name = `the local account ${form === "memory" ? "in memory" : "on disk"}`;
  return { name, sides, runsAll: true, patience: 20_000, start: () => startLocalTarget(form, name) };
}

function readEndpoint(environment: NodeJS.ProcessEnv, variable: string, region: string | undefined) {
  const url = environment[variable];
  if (url === undefined || url === "") return undefined;
  if (!URL.canParse(url)) throw new Error(`${variable} takes the URL of an endpoint, not '${url}'`);
  if (region === undefined || region === "") throw new Error(`${variable} needs AWS_REGION, the Region that it is in`);
  return { url, region };
}
