import type { IncomingMessage, ServerResponse } from "node:http";
import type { Registry } from "../store/store.ts";
import { findLogo } from "./logo.ts";

type Listener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** The public host with the logos that `logoUrl` leads to; everything else goes to the registry. */
export function withLogos(registry: Registry, listener: Listener): Listener {
  return (request, response) => {
    const { method, url = "/" } = request;
    const path = url.split("?")[0] ?? "";
    const logo = method === "GET" || method === "HEAD" ? findLogo(registry, path) : undefined;
    if (logo === undefined) return listener(request, response);
    response.writeHead(200, {
      "content-type": "image/png",
      "content-length": logo.length,
      "x-content-type-options": "nosniff",
    });
    response.end(method === "HEAD" ? undefined : logo);
  };
}
