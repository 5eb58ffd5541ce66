import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** The account is for this machine alone: nothing listens elsewhere. */
const HOST = "127.0.0.1";

export interface Listening {
  readonly url: string;
  /** Ends at once: open connections are cut. */
  close(): Promise<void>;
}

/** An HTTP server on 127.0.0.1; port 0 takes a free one. Errors: EADDRINUSE with the port and the option to use instead. */
export async function listen(listener: RequestListener, port: number): Promise<Listening> {
  const server: Server = createServer({ requestTimeout: 0, keepAliveTimeout: 30_000 }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") return reject(error);
      const message = `port ${port} is in use by another process; choose one with --port N, or --port 0 for free ones`;
      reject(Object.assign(new Error(message), { code: error.code }));
    });
    server.listen(port, HOST, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
