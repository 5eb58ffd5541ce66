import { parseArgs } from "node:util";
import type { FaultRule } from "./faults/fault.ts";
import { FAULT_SYNTAX, parseFault } from "./faults/parse-fault.ts";

export interface StartOptions {
  readonly once: boolean;
  readonly port: number;
  readonly dataDir: string | undefined;
  /** A policy of the reader's own; without it the tour's, and the tour. */
  readonly policyFile: string | undefined;
  readonly createOnPush: boolean;
  readonly quiet: boolean;
  readonly throttle: boolean;
  readonly faults: readonly FaultRule[];
}

export const HELP = `Starts an AWS account on this machine, with ecr-autopilot deployed in it, and plays a short tour.

  npm start                       the tour, then stay up until Ctrl-C
  npm start -- --once             the tour only: exit code 0, or 1 and the step that failed
  npm start -- --data ./account   keep repositories and images in a folder over restarts

Options
  --once                end after the tour
  --port N              AWS API on port N, registries on N+1 and N+2, REST endpoint on N+3 (default 4510; 0 takes free ones)
  --data DIR            keep everything in DIR, as OCI layouts (default: memory)
  --policy FILE         run your own policy, without the tour (default: policies/example.yaml, with it)
  --no-create-on-push   a Region in which ECR does not create repositories on push
  --throttle            keep to the published rates of ECR and ECR Public
  --fault F             make calls fail: ${FAULT_SYNTAX}, for example
                        ecr:PutImage=throttle*3; may be given several times
  --quiet               only the outcome of each step
  --help                this text`;

/** Bad words on the command line; the message names the option and the rule. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** The options of `npm start`; "help" when it was asked for. Errors: UsageError. */
export function parseStartOptions(args: readonly string[]): StartOptions | "help" {
  const { values } = parse(args);
  if (values.help === true) return "help";
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_533) {
    throw new UsageError(
      `--port takes a whole number from 0 to 65533 (the two ports after it are used too), not '${values.port}'`,
    );
  }
  if (values.policy !== undefined && values.once) {
    throw new UsageError(
      "--once ends after the tour, and with --policy there is none: the tour is about policies/example.yaml",
    );
  }
  if (values.data === "") throw new UsageError("--data takes a folder");
  return {
    once: values.once,
    port,
    dataDir: values.data,
    policyFile: values.policy,
    createOnPush: !values["no-create-on-push"],
    quiet: values.quiet,
    throttle: values.throttle,
    faults: values.fault.map(faultOf),
  };
}

function faultOf(word: string): FaultRule {
  try {
    return parseFault(word);
  } catch (error) {
    throw new UsageError(`--fault: ${error instanceof Error ? error.message : error}`);
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: "boolean", default: false },
        port: { type: "string", default: "4510" },
        data: { type: "string" },
        policy: { type: "string" },
        "no-create-on-push": { type: "boolean", default: false },
        quiet: { type: "boolean", default: false },
        throttle: { type: "boolean", default: false },
        fault: { type: "string", multiple: true, default: [] },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    // parseArgs says which word it did not understand.
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
