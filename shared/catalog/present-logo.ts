import { isPermanent, transient } from "../errors.ts";
import { isLoopback } from "../registry/endpoint.ts";
import { drain, readBody, redacted, type Send } from "../registry/http.ts";

/** API model of ECR Public: LogoImageBlob, in bytes. */
const LARGEST_LOGO = 512_000;

/**
 * The logo that a page shows, from the address that ECR Public tells: a write sends every field, and nothing else has its bytes. Undefined where
 * there is none to be had at that address. Errors: transient `registry-unavailable` and `registry-unreachable`, or the signal's reason.
 */
export async function readPresentLogo(
  send: Send,
  address: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "https:" && !isLoopback(url.host))) return undefined;
  const response = await send({ method: "GET", url, headers: { accept: "image/png" }, signal });
  const { statusCode = 0 } = response;
  if (statusCode === 200) {
    try {
      return await readBody(response, LARGEST_LOGO, redacted(url));
    } catch (error) {
      if (isPermanent(error)) return undefined;
      throw error;
    }
  }
  await drain(response);
  if (statusCode >= 500 || statusCode === 429 || statusCode === 408) {
    throw transient("registry-unavailable", `GET ${redacted(url)}: status ${statusCode}`);
  }
  return undefined;
}
