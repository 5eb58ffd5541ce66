import { randomUUID } from "node:crypto";

/** As API Gateway tells them in its headers and to the function: a UUID, and a short text. */
export interface RequestIds {
  readonly requestId: string;
  readonly extendedRequestId: string;
}

export function newRequestIds(): RequestIds {
  return { requestId: randomUUID(), extendedRequestId: `${randomUUID().replaceAll("-", "").slice(0, 15)}=` };
}
