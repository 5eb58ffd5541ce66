/** A place in the timeline that a browser can come back to. */

/** `RUN-SEQUENCE`: sequences start anew with each run of the account, so one of an earlier run says nothing. */
export interface Cursors {
  write(sequence: number): string;
  /** The sequence; a bare number is one of this run. Undefined for an earlier run's cursor and for other texts. */
  read(cursor: string | undefined): number | undefined;
}

/** `run`: letters and digits that no other run has. */
export function createCursors(run: string): Cursors {
  return {
    write: (sequence) => `${run}-${sequence}`,
    read(cursor) {
      const [, ofRun, sequence] = /^(?:(\w+)-)?(\d{1,15})$/.exec(cursor ?? "") ?? [];
      return sequence === undefined || (ofRun !== undefined && ofRun !== run) ? undefined : Number(sequence);
    },
  };
}
