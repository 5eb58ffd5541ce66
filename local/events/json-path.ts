/**
 * The part of JSONPath that EventBridge takes: `$`, members by dot or in brackets, array indices and `*`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 *
 * Gives the function that reads the path out of a value: undefined for what is not there, a list for a path with `*`. Error: anything else in the path.
 */
export function compileJsonPath(path: string): (value: unknown) => unknown {
  const steps: string[] = [];
  let at = 1;
  while (path.startsWith("$") && at < path.length) {
    const rest = path.slice(at);
    const [step, member, quoted, index] = /^(?:\.([\w/-]+|\*)|\['([^']+)'\]|\[(\d+|\*)\])/.exec(rest) ?? [];
    if (step === undefined) break;
    steps.push(member ?? quoted ?? index ?? "");
    at += step.length;
  }
  if (!path.startsWith("$") || at < path.length)
    throw new Error(`JSON path '${path}' is not one that EventBridge takes`);
  return (value) => {
    let found: unknown[] = [value];
    for (const step of steps) found = found.flatMap((item) => read(item, step));
    return steps.includes("*") ? found : found[0];
  };
}

/** None, one, or for `*` all members. */
function read(value: unknown, step: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const members = Object.entries(value);
  return (step === "*" ? members : members.filter(([name]) => name === step)).map(([, member]) => member);
}
