/** The web page of the local account: repositories, the public gallery as a visitor sees it, and the timeline. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { AccountContext } from "../aws/call.ts";
import { findLogo } from "../ecr-public/logo.ts";
import type { Timeline } from "../timeline.ts";
import { prefersHtml } from "./accept.ts";
import { nameIn } from "./addresses.ts";
import { readAssets, serveAsset } from "./assets.ts";
import { defectPage } from "./not-found-page.ts";
import { createPages } from "./pages.ts";
import { respond, respondHtml } from "./respond.ts";
import { createCursors } from "./timeline-cursor.ts";
import { timelineJson } from "./timeline-json.ts";
import { createTimelineStream } from "./timeline-stream.ts";

export interface GalleryOptions {
  readonly account: AccountContext;
  readonly timeline: Timeline;
  /** Folder of style sheet, script and icon; those beside this file without it. */
  readonly assets?: string;
  /** Told of errors that are the page's own; the browser gets a 500. Default: standard error. */
  readonly onDefect?: (error: unknown) => void;
}

export interface Gallery {
  /** True when it answered: to every GET and HEAD but signed ones, unknown addresses (404) included. All else is left to the API. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Ends the live timelines. */
  close(): void;
}

/** Only lets a bare path be read; nothing is fetched from it. */
const base = "http://gallery";

/** Reads the asset files once. Errors: a folder of assets that is not there. */
export function createGallery(options: GalleryOptions): Gallery {
  const { account, timeline } = options;
  const onDefect = options.onDefect ?? ((error: unknown) => console.error(error));
  const assets = readAssets(options.assets ?? join(import.meta.dirname, "assets"));
  const cursors = createCursors(randomUUID().slice(0, 8));
  const stream = createTimelineStream({ timeline, cursors });
  const pageAt = createPages({ account, timeline, cursors });

  function answer(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const { pathname, searchParams } = url;
    const asset = assets.get(nameIn(pathname, "/assets/") ?? "");
    const logo = findLogo(account.store.public, pathname);
    if (asset !== undefined) {
      serveAsset(request, response, asset);
    } else if (logo !== undefined) {
      // Another picture has another address.
      respond(response, 200, { "content-type": "image/png", "cache-control": "max-age=31536000, immutable" }, logo);
    } else if (pathname === "/timeline/stream") {
      stream.serve(request, response, searchParams);
    } else if (pathname === "/timeline" && !prefersHtml(request.headers.accept)) {
      timelineJson(timeline, response, searchParams);
    } else {
      const { status, page } = pageAt(url);
      respondHtml(response, status, page);
    }
  }

  return {
    handle(request, response) {
      if (request.method !== "GET" && request.method !== "HEAD") return false;
      if (isSigned(request)) return false;
      const target = request.url ?? "/";
      try {
        answer(request, response, new URL(URL.canParse(target, base) ? target : "/not-an-address", base));
      } catch (error) {
        onDefect(error);
        if (response.headersSent) response.destroy();
        else respondHtml(response, 500, defectPage(account));
      }
      return true;
    },
    close: () => stream.close(),
  };
}

/** A client of the AWS API that uses GET is to get the API's own answer. */
function isSigned({ headers, url = "" }: IncomingMessage): boolean {
  return (
    headers["x-amz-target"] !== undefined ||
    (headers.authorization?.startsWith("AWS4-") ?? false) ||
    /[?&]X-Amz-Signature=/.test(url)
  );
}
