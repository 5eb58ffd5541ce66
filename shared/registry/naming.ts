import { AutopilotError } from "../errors.ts";

/** The same error, its sentence beginning with what it is about; an error that is not ours stays as it is. */
export function naming(subject: string, error: unknown): unknown {
  if (!(error instanceof AutopilotError)) return error;
  const { code, permanent, message } = error;
  return new AutopilotError(code, `${subject}: ${message}`, { permanent, cause: error });
}
