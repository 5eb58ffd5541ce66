import type { Limiter } from "../pacing/limiter.ts";
import type { HttpRequest, Send } from "./http.ts";

/** What a write is to ECR's quotas, by the name of its API action: a push over OCI distribution counts as these. */
export type RegistryAction = "InitiateLayerUpload" | "UploadLayerPart" | "CompleteLayerUpload" | "PutImage";

/**
 * The same `send`, which holds each write until the limiter of its action lets it through, and tells that limiter of each 429. A request
 * that is sent again passes anew. Reads, and actions without a limiter, are not held; nobody waits longer than the request's signal.
 *
 * Rates: https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html. Errors: of `send`; the signal's reason.
 */
export function paced(send: Send, limiterOf: (action: RegistryAction) => Limiter | undefined): Send {
  return async (request) => {
    const action = actionOf(request);
    const limiter = action && limiterOf(action);
    if (limiter === undefined) return send(request);
    await turn(limiter, request.signal);
    const response = await send(request);
    if (response.statusCode === 429) limiter.throttled();
    return response;
  };
}

function actionOf({ method, url }: HttpRequest): RegistryAction | undefined {
  if (method === "POST") return "InitiateLayerUpload";
  if (method === "PATCH") return "UploadLayerPart";
  if (method !== "PUT") return undefined;
  // An upload goes on wherever its Location says; only a manifest has an address that we know.
  return /\/manifests\/[^/]+$/.test(url.pathname) ? "PutImage" : "CompleteLayerUpload";
}

/** A turn that its taker gives up is spent: the others keep theirs. */
async function turn(limiter: Limiter, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return limiter.take();
  signal.throwIfAborted();
  let giveUp = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason);
    signal.addEventListener("abort", giveUp);
  });
  try {
    await Promise.race([limiter.take(), aborted]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
