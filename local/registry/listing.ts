/** `n` and `last` of lists, and the Link to the next page. */
import { invalidParameter } from "../aws/refusals.ts";

export interface AskedPage {
  readonly limit: number;
  readonly after?: string;
}

/** At most 1,000 (seen by clients: ECR refuses more), which is also what comes without `n`. */
const most = 1000;

/** Error: InvalidParameterException for an `n` that is no number from 0 to 1,000. */
export function readPage({ searchParams }: URL): AskedPage {
  const n = searchParams.get("n");
  if (n !== null && (!/^\d{1,9}$/.test(n) || Number(n) > most)) {
    throw invalidParameter("maxResults", `Member must be a number from 0 to ${most}`);
  }
  const after = searchParams.get("last");
  return { limit: n === null ? most : Number(n), ...(after === null || after === "" ? {} : { after }) };
}

/** The page, and what makes the Link header's value for a path; no `link` on the last page, and none for `n=0`. */
export function withNext<T extends string>(
  { limit, after }: AskedPage,
  list: (options: { limit: number; after?: string }) => T[],
): { items: T[]; link: ((path: string) => string) | undefined } {
  const found = list({ limit: limit + 1, ...(after === undefined ? {} : { after }) });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (last === undefined || found.length <= limit) return { items, link: undefined };
  return { items, link: (path) => `<${path}?n=${limit}&last=${encodeURIComponent(last)}>; rel="next"` };
}
