/**
 * Whether the Accept header prefers HTML to JSON: a browser does, `curl` and `fetch` take anything and get JSON.
 * https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const ranges = accept.split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
  });
  const qualityOf = (type: string): number => {
    const candidates = [type, type.replace(/\/.*/, "/*"), "*/*"];
    const best = candidates.map((name) => ranges.find((range) => range.type === name)).find(Boolean);
    return best?.quality ?? 0;
  };
  return qualityOf("text/html") > qualityOf("application/json");
}
