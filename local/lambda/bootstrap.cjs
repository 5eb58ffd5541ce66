/**
 * Runs in the process of a sandbox: loads the handler, then asks the Runtime API for one event after the other.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html; handler names, errors, log lines and the context object are those of
 * aws/aws-lambda-nodejs-runtime-interface-client, the managed runtime's own client.
 *
 * CommonJS and without imports of ours: it is the only code of the account in the function's process. When the Runtime API is
 * gone, so is the account, and the process ends.
 */
"use strict";
const { existsSync, statSync } = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { format } = require("node:util");

const { AWS_LAMBDA_RUNTIME_API, AWS_EXECUTION_ENV, LAMBDA_TASK_ROOT, _HANDLER } = process.env;
const [hostname, port] = AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/** Kept from a handler that replaces them. */
const outputs = [process.stdout, process.stderr].map((stream) => stream.write.bind(stream));

/** Of the invocation under way, for log lines. */
let requestId;

function call(method, resource, body = "", headers = {}) {
  return new Promise((resolve) => {
    const gone = () => process.exit(0);
    const options = { agent, hostname, port, method, path: `/2018-06-01/runtime/${resource}`, headers };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString("utf8") }));
      response.on("error", gone);
    });
    request.on("error", gone);
    request.end(body);
  });
}

function runtimeError(name, message) {
  return Object.assign(new Error(message), { name });
}

/** `dir/file.export.member`, as the template has it. */
async function loadHandler() {
  const directory = path.dirname(_HANDLER);
  const [, file, member] = /^([^.]+)\.(.+)$/.exec(path.basename(_HANDLER)) ?? [];
  if (_HANDLER.includes(".."))
    throw runtimeError("Runtime.MalformedHandlerName", `'${_HANDLER}' is not a valid handler name.`);
  if (file === undefined) throw runtimeError("Runtime.MalformedHandlerName", "Bad handler");
  const module = await loadModule(path.resolve(LAMBDA_TASK_ROOT, directory, file), file);
  const handler = member.split(".").reduce((value, name) => value?.[name], module);
  if (handler === undefined) throw runtimeError("Runtime.HandlerNotFound", `${_HANDLER} is undefined or not exported`);
  if (typeof handler !== "function") throw runtimeError("Runtime.HandlerNotFound", `${_HANDLER} is not a function`);
  if (handler.length >= 3) {
    throw runtimeError(
      "Runtime.CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.",
    );
  }
  return handler;
}

async function loadModule(base, name) {
  const found = ["", ".js", ".mjs", ".cjs"]
    .map((extension) => base + extension)
    .find((file) => existsSync(file) && statSync(file).isFile());
  if (found === undefined) throw runtimeError("Runtime.ImportModuleError", `Error: Cannot find module '${name}'`);
  try {
    return found.endsWith(".mjs") ? await import(pathToFileURL(found).href) : require(found);
  } catch (error) {
    if (error instanceof SyntaxError) throw runtimeError("Runtime.UserCodeSyntaxError", String(error.stack));
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND") {
      throw runtimeError("Runtime.ImportModuleError", String(error));
    }
    throw error;
  }
}

function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  // Gone from the context since Node.js 24, with the callbacks that it was for.
  const isOlder = Number(/nodejs(\d+)/.exec(AWS_EXECUTION_ENV)?.[1]) < 24;
  return {
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    ...(isOlder ? { callbackWaitsForEmptyEventLoop: true } : {}),
  };
}

function described(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split("\n") ?? [] };
}

function logError(what, error) {
  console.error(what, `\t${JSON.stringify({ ...described(error), ...(error instanceof Error ? error : {}) })}`);
}

/** `time TAB request id TAB level TAB message`; the message stays one log event, with CR for its line ends. */
function patchConsole() {
  const levels = { debug: "DEBUG", error: "ERROR", info: "INFO", log: "INFO", trace: "TRACE", warn: "WARN" };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...values) => {
      const line = [new Date().toISOString(), requestId, level, format(...values)].join("\t");
      outputs[0](`${line.replaceAll("\n", "\r")}\n`);
    };
  }
}

function stringified(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch {
    throw runtimeError("Runtime.JSONStringifyError", "Unable to stringify response body");
  }
}

async function invokeOnce(handler) {
  const { headers, body } = await call("GET", "invocation/next");
  requestId = headers["lambda-runtime-aws-request-id"];
  process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
  const end = () => {
    // Tells the account, which reads the output apart from the answer, that it has read all of it.
    for (const write of outputs) write(`\u001eend ${requestId}\n`);
    return { "Local-Max-Rss-Kib": String(process.resourceUsage().maxRSS) };
  };
  let answer;
  try {
    answer = stringified(await handler(JSON.parse(body), contextOf(headers)));
  } catch (error) {
    logError("Invoke Error", error);
    const told = described(error);
    const type = { "Lambda-Runtime-Function-Error-Type": encodeURI(told.errorType) };
    return call("POST", `invocation/${requestId}/error`, JSON.stringify(told), { ...type, ...end() });
  }
  return call("POST", `invocation/${requestId}/response`, answer, end());
}

async function main() {
  patchConsole();
  process.on("uncaughtException", (error) => {
    logError("Uncaught Exception", error);
    process.exit(129);
  });
  process.on("unhandledRejection", (reason) => {
    logError("Unhandled Promise Rejection", runtimeError("Runtime.UnhandledPromiseRejection", String(reason)));
    process.exit(128);
  });
  let handler;
  try {
    handler = await loadHandler();
  } catch (error) {
    logError("Uncaught Exception", error);
    await call("POST", "init/error", JSON.stringify(described(error)));
    process.exit(1);
  }
  for (;;) await invokeOnce(handler);
}

main();
