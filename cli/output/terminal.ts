/** Where text goes: standard output or standard error. */
export interface Terminal {
  readonly stream: NodeJS.WritableStream;
  readonly isTTY: boolean;
  /** Undefined where it is no terminal. */
  readonly columns: number | undefined;
  /** Whether colours may be used. */
  readonly hasColours: boolean;
  line(text: string): void;
}

export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** `env`: NO_COLOR with any text in it means none (https://no-color.org), and so does a terminal that can do nothing. */
export function terminalOf(stream: OutputStream, env: Readonly<Record<string, string | undefined>>): Terminal {
  const isTTY = stream.isTTY === true;
  return {
    stream,
    isTTY,
    get columns() {
      return isTTY ? (stream.columns ?? 80) : undefined;
    },
    hasColours: isTTY && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb",
    line: (text) => void stream.write(`${text}\n`),
  };
}
