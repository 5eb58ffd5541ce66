/** A fault in one word, for `--fault`. */
import { checkRule, type Fault, FaultError, type FaultRule, faultNames } from "./fault.ts";

export const FAULT_SYNTAX = "[SERVICE[:OPERATION]][@REPOSITORY]=FAULT[*TIMES][/EVERY]";

/**
 * `ecr:PutImage=throttle*3` (the first three), `ecr-public:*@team/app=reset-after/2` (every second one), `ecr=slow-500` (milliseconds),
 * `=truncate-blob`. Error: FaultError with the form, the value and the rule that it breaks.
 */
export function parseFault(word: string): FaultRule {
  const parts =
    /^(?<service>[a-z0-9-]+)?(?::(?<operation>[A-Za-z*]+))?(?:@(?<repository>[^=]+))?=(?<fault>[a-z]+(?:-[a-z]+|-\d+)*)(?:\*(?<times>\d+))?(?:\/(?<every>\d+))?$/.exec(
      word,
    )?.groups;
  if (parts === undefined)
    throw new FaultError(`a fault is ${FAULT_SYNTAX}, for example ecr:PutImage=throttle*3, not '${word}'`);
  const { service, operation, repository, fault = "", times, every } = parts;
  try {
    return checkRule({
      match: {
        ...(service === undefined ? {} : { service }),
        ...(operation === undefined ? {} : { operation }),
        ...(repository === undefined ? {} : { repository }),
      },
      fault: faultOf(fault),
      ...(times === undefined ? {} : { times: Number(times) }),
      ...(every === undefined ? {} : { every: Number(every) }),
    });
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    throw new FaultError(`the fault '${word}': ${error.message}`);
  }
}

function faultOf(word: string): Fault {
  const name = faultNames.find((known) => known === word);
  if (name !== undefined) return name;
  const [, slowMs] = /^slow-(\d+)$/.exec(word) ?? [];
  if (slowMs !== undefined) return { slowMs: Number(slowMs) };
  throw new FaultError(`must be one of ${faultNames.join(", ")} or slow-MILLISECONDS, not '${word}'`);
}
