import * as z from "zod";
import { eachOnce } from "./each-once.ts";
import { lastDay, reasonText } from "./exception.ts";
import { keyProblem } from "./signature-key.ts";
import { hasUnknownKey, strictObject } from "./strict-object.ts";

/** A bound of ours: an image that must wait for more than a year is better not named. */
const LONGEST_WAIT_HOURS = 8_760;

const ignored = strictObject({
  id: z
    .string()
    .regex(/^[^\s*]+$/, {
      error: ({ input }) =>
        `${JSON.stringify(input)} is not the name of one finding; write it whole, for example CVE-2026-0001`,
    })
    .meta({ description: "Name of the finding, whole, as the scan has it.", examples: ["CVE-2026-0001"] }),
  reason: reasonText("the code is not reached"),
  expires: lastDay("The last day (UTC) on which the finding is let through, YYYY-MM-DD."),
});

const scan = strictObject({
  severity: z.enum(["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"]).meta({
    description: "An image with a finding of this severity, or a worse one, is held back.",
    examples: ["HIGH"],
  }),
  ignore: z
    .array(ignored)
    .check(eachOnce("id"))
    .default([])
    .meta({ description: "Findings that are let through until a day." }),
  maxAgeDays: z
    .int()
    .min(1)
    .meta({ description: "How old the scan may be, in days; an older one does not count.", examples: [30] })
    .exactOptional(),
});

const PEM = "-----BEGIN PUBLIC KEY-----\n...\n-----END PUBLIC KEY-----\n";

const key = strictObject({
  name: z
    .string()
    .regex(/^\S.{0,127}$/, "is blank or longer than 128 characters; write a short name, for example release")
    .meta({ description: "What the key is called in logs.", examples: ["release"] }),
  pem: z
    .string()
    .check(z.superRefine(checkKey))
    .meta({
      description: "Public key in PEM (cosign.pub): ECDSA P-256, Ed25519, or RSA of 2048 bits or more.",
      examples: [PEM],
    }),
});

/** What an image must pass before the first byte of it is published. */
export const gatesSchema = strictObject({
  minimumAgeHours: z
    .int()
    .min(1)
    .max(LONGEST_WAIT_HOURS)
    .meta({ description: "How long ago the image must have been pushed, in hours.", examples: [24] })
    .exactOptional(),
  scan: scan
    .meta({ description: "ECR's scan, basic or enhanced, must be there and pass.", examples: [{ severity: "HIGH" }] })
    .exactOptional(),
  signature: strictObject({
    keys: z
      .array(key)
      .min(1, "is empty; write the public keys of which one must have signed")
      .check(eachOnce("name"))
      .meta({
        description:
          "Public keys of which one must have signed the image. An Ed25519 key must sign the payload itself: cosign signs its hash (Ed25519ph) unless told otherwise, and that does not verify here.",
        examples: [[{ name: "release", pem: PEM }]],
      }),
  })
    .meta({ description: "A signature by cosign must be there and verify." })
    .exactOptional(),
}).check(z.superRefine(checkAny));

function checkAny(gates: object, context: z.core.$RefinementCtx): void {
  if (Object.keys(gates).length > 0 || hasUnknownKey(context)) return;
  context.addIssue("is empty, and holds nothing back; write minimumAgeHours, scan or signature, or remove the line");
}

/** The message has no byte of the key. */
function checkKey(pem: string, context: z.core.$RefinementCtx<string>): void {
  const problem = keyProblem(pem);
  if (problem !== undefined)
    context.addIssue(`${problem}; write the text of cosign.pub, line by line, below \`pem: |\``);
}
