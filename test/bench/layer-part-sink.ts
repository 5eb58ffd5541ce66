/**
 * An ECR Public that takes layer parts over TLS and keeps nothing: `layer-part-sink CERTIFICATE KEY`. Prints its port, and ends with
 * its standard input. It does the least that the SDK is content with, so that the SDK's side is what is measured.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [certificate = "", key = ""] = process.argv.slice(2);
const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(`{"lastByteReceived":0}`);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : 0}\n`);
});
process.stdin.resume().on("end", () => process.exit(0));
