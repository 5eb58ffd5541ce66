/**
 * The local account: an AWS account in one process, made of a synthesized stack. A value: started on port 0 in a test, or by
 * `npm start`; nothing is global.
 */
import { randomBytes } from "node:crypto";
import type { AccountContext, Identity } from "./aws/call.ts";
import { type Credentials, createCredentialStore } from "./aws/credentials.ts";
import { createAwsEndpoint } from "./aws/endpoint.ts";
import { createPerform } from "./aws/perform.ts";
import { createTokenStore } from "./aws/tokens.ts";
import { ecrService } from "./ecr/service.ts";
import { ecrPublicService } from "./ecr-public/service.ts";
