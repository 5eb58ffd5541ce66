/** What API Gateway itself answers. https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */

export class GatewayRefusal extends Error {
  readonly status: number;
  /** For x-amzn-ErrorType; without it the text is told as text. */
  readonly type: string | undefined;
  /** The text's member; authorization spells it in capitals (recorded). */
  readonly member: "message" | "Message";
  constructor(status: number, type: string | undefined, message: string, member: "message" | "Message" = "message") {
    super(message);
    this.name = "GatewayRefusal";
    this.status = status;
    this.type = type;
    this.member = member;
  }
}

/** Also for a resource or a method that is not there. */
export const missingToken = () =>
  new GatewayRefusal(403, "MissingAuthenticationTokenException", "Missing Authentication Token");

/** For a stage that is not there. */
export const forbidden = () => new GatewayRefusal(403, "ForbiddenException", "Forbidden");

/** A function that failed or answered in the wrong form is 502, one that could not be invoked 500 (Lambda developer guide, "Handling errors with an API Gateway API"). */
export const internal = (status: 500 | 502) =>
  new GatewayRefusal(status, "InternalServerErrorException", "Internal server error");

export const timedOut = () => new GatewayRefusal(504, "InternalServerErrorException", "Endpoint request timed out");

/** What is too large for Lambda, though not for API Gateway: its own words and type (recorded in koki-develop/lgtm-generator #10). */
export const tooLongForLambda = () => new GatewayRefusal(413, "BadRequestException", "Request Too Long");

/** In plain text, from in front of API Gateway (recorded in the same place). */
export const tooLong = (most: number) =>
  new GatewayRefusal(413, undefined, `HTTP content length exceeded ${most} bytes.`);
