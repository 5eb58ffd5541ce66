// Calls one build of reconcile-repositories by hand, and prints its answer with the peak memory of this process.
const { subscribe } = require("node:diagnostics_channel");
const [, , file, payload] = process.argv;

// Requests as they leave the process, the SDK's retries too: "AmazonEC2ContainerRegistry_V20150921.PutImage".
const calls = {};
subscribe("http.client.request.start", ({ request }) => {
  const target = request.getHeader("x-amz-target");
  calls[target] = (calls[target] ?? 0) + 1;
});

const deadline = performance.now() + 900_000;
const context = {
  awsRequestId: "bench",
  functionName: "bench",
  getRemainingTimeInMillis: () => deadline - performance.now(),
};
(async () => {
  const { handler } = require(file);
  const began = performance.now();
  const answer = await handler(JSON.parse(payload), context);
  const milliseconds = performance.now() - began;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  process.stderr.write(`${JSON.stringify({ counts: answer.counts, milliseconds, megabytes, calls })}\n`);
  process.exit(0);
})();
