// Loads one build of a handler, calls it once with the event on standard input, and prints the milliseconds of both together.
const began = performance.now();
const [, , file] = process.argv;
const context = { awsRequestId: "bench", functionName: "bench", getRemainingTimeInMillis: () => 60_000 };
const event = JSON.parse(process.env.BENCH_EVENT);
(async () => {
  const { handler } = file.endsWith(".cjs") ? require(file) : await import(file);
  const answer = await handler(event, context);
  const milliseconds = performance.now() - began;
  if (answer.batchItemFailures.length > 0) throw new Error("the handler gave the message back");
  process.stderr.write(`${milliseconds}\n`);
  process.exit(0);
})();
