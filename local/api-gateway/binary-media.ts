/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html */

/** Whether the first media type of the header (Content-Type or Accept) is one that the API treats as bytes. `type/*` is assumed to stand for all of a type. */
export function isBinary(binaryMediaTypes: readonly string[], header: string | undefined): boolean {
  if (binaryMediaTypes.includes("*/*")) return true;
  const [first = ""] = (header ?? "").split(",");
  const type = (first.split(";")[0] ?? "").trim().toLowerCase();
  const [family] = type.split("/");
  return type !== "" && binaryMediaTypes.some((known) => [type, `${family}/*`].includes(known.toLowerCase()));
}
