/** One thing at a time. */

export type Serial = <T>(work: () => Promise<T>) => Promise<T>;

/** Gives a function that runs each work when those given before it have ended, well or badly. */
export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>) => {
    const run = last.then(work, work);
    last = run;
    return run;
  };
}
