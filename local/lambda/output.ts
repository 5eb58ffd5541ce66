/** What a sandbox prints, as log lines. */
import type { Readable } from "node:stream";

export interface Output {
  /** Resolves when all that was printed up to the end of this invocation has been told. */
  drained(requestId: string): Promise<void>;
}

/** The bootstrap prints it on both outputs when an invocation is over: answer and output come by different ways. */
const END_MARK = "\u001eend ";

/** For a function that has closed its output. */
const PATIENCE_MS = 1000;

/** One log event ends with LF; the runtime has put CR for the line ends within it. */
export function readOutput(streams: readonly Readable[], onLine: (line: string) => void): Output {
  const readers = streams.map(() => ({ mark: "", isOver: false }));
  const waiting = new Set<() => void>();
  const tell = (line: string): void => {
    if (line !== "") onLine(line.replaceAll("\r", "\n"));
  };

  for (const [index, stream] of streams.entries()) {
    const reader = readers[index] ?? { mark: "", isOver: false };
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const end = line.lastIndexOf(END_MARK);
        tell(end < 0 ? line : line.slice(0, end));
        if (end >= 0) reader.mark = line.slice(end + END_MARK.length);
      }
      for (const check of waiting) check();
    });
    stream.on("close", () => {
      tell(rest);
      reader.isOver = true;
      for (const check of waiting) check();
    });
  }

  return {
    drained: (requestId) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          waiting.delete(check);
          resolve();
        };
        const check = (): void => {
          if (readers.every(({ mark, isOver }) => isOver || mark === requestId)) end();
        };
        const timer = setTimeout(end, PATIENCE_MS);
        waiting.add(check);
        check();
      }),
  };
}
