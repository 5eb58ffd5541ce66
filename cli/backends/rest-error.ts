/** An answer of the REST API that is no success: its own problem details, or what API Gateway or a proxy says before the function runs. */
export class RestError extends Error {
  readonly status: number;
  readonly code: string;
  readonly rule: string | undefined;
  readonly requestId: string | undefined;

  constructor(
    status: number,
    told: {
      readonly code: string;
      readonly detail: string;
      readonly rule?: string | undefined;
      readonly requestId?: string | undefined;
    },
  ) {
    super(told.detail);
    this.name = "RestError";
    this.status = status;
    this.code = told.code;
    this.rule = told.rule;
    this.requestId = told.requestId;
  }
}

/** The error in an answer. `header`: of the answer, by its name in small letters. */
export function restErrorOf(
  request: string,
  status: number,
  header: (name: string) => string | undefined,
  text: string,
): RestError {
  const body = objectIn(text);
  const requestId = textOf(body.requestId) ?? header("x-amzn-requestid");
  if (textOf(body.code) !== undefined && textOf(body.detail) !== undefined) {
    const [code = "", detail = "", rule] = [body.code, body.detail, body.rule].map(textOf);
    return new RestError(status, { code, detail, rule, requestId });
  }
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
  const type = header("x-amzn-errortype")?.replace(/:.*$/, "");
  const message = textOf(body.message) ?? textOf(body.Message) ?? "";
  // What would have been signed follows after a line: nobody reads that in a terminal.
  const said = message.split("\n")[0] ?? "";
  const detail = [`${request}: status ${status}`, type, said].filter(Boolean).join(": ");
  return new RestError(status, { code: type ?? `status-${status}`, detail, requestId });
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
