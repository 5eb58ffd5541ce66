/** How the tour tells what it does: a line when something has been shown. */
export interface Teller {
  /** One thing that was shown to be so. */
  done(step: number, text: string): void;
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
