/**
 * A variable that the stack sets on the function. A missing one is a broken deployment: the function must fail at its
 * start, where Lambda shows it, and not half-way through its work.
 */
export function requiredEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "")
    throw new Error(`environment variable ${name} is not set; the stack sets it`);
  return value;
}

/** A variable with several values, one space between two. */
export function requiredList(name: string): string[] {
  return requiredEnvironment(name).split(" ");
}
