/** What a scripted registry does instead of its work, or to it. */

export type Fault =
  /** Answers so, at once, without reading the request's body. */
  | { readonly answer: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Cuts the connection. `after`: once the work is done, so that only the answer is lost. */
  | { readonly cut: "before" | "after" }
  /** A download: sends that many of the bytes it was asked for, then cuts, or, `silently`, sends no more. */
  | { readonly truncateAfter: number; readonly silently?: boolean }
  /** An upload: reads at least that many bytes, then cuts. */
  | { readonly cutUploadAfter: number }
  /** Works once this resolves. */
  | { readonly until: Promise<unknown> }
  /** Runs this before the work, to change the world between two requests. */
  | { readonly first: () => void };

/** A regular expression, or anything else that can decide. */
export type PathTest = Pick<RegExp, "test">;

export interface Rule {
  readonly method: string;
  /** On `<repository>/<kind>/<reference>`. */
  readonly path: PathTest;
  readonly fault: Fault;
  /** How many requests it is for; 1 unless given. */
  readonly times: number;
}

export interface Script {
  /** Adds a rule: the first that matches and is not used up is applied. */
  on(method: string, path: PathTest, fault: Fault, times?: number): void;
  /** Takes the fault for a request, which counts as one use. */
  take(method: string, path: string): Fault | undefined;
}

export function createScript(): Script {
  const rules: (Rule & { used: number })[] = [];
  return {
    on: (method, path, fault, times = 1) => void rules.push({ method, path, fault, times, used: 0 }),
    take(method, path) {
      const rule = rules.find((one) => one.used < one.times && one.method === method && one.path.test(path));
      if (rule === undefined) return undefined;
      rule.used += 1;
      return rule.fault;
    },
  };
}

/** Body of an OCI error. */
export function ociError(code: string, message = "told by the test"): string {
  return JSON.stringify({ errors: [{ code, message }] });
}
