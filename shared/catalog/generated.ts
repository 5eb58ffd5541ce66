/** Last line of every text that this project makes up: what has it may be made anew, what does not have it is somebody's own. */
export const GENERATED_LINE = "_Written by ecr-autopilot from what was published._";

/** Whether a text that stands in ECR Public may be replaced by a generated one: it is empty, or ends with our line. */
export function isReplaceable(text: string | undefined): boolean {
  return text === undefined || text.trim() === "" || isGenerated(text);
}

/** Whether the last line of a text is ours; space after it does not matter. */
export function isGenerated(text: string): boolean {
  return text.trimEnd().split("\n").at(-1) === GENERATED_LINE;
}
