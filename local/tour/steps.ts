/** How the tour tells what it does: a line when something has been shown, and what was seen on the way. */
export interface Teller {
  /** One thing that was shown to be so. */
  done(step: number, text: string): void;
  /** What happened on the way there. */
  aside(text: string): void;
}

/** A tour step that did not come out as it must. `step` is its number. */
export class StepFailed extends Error {
  readonly step: number;
  constructor(step: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "StepFailed";
    this.step = step;
  }
}

/** Errors: Error with `message` when the condition does not hold. */
export function must(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
