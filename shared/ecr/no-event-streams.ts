/**
 * Stands in for `@smithy/core/event-streams` in the bundles. The SDK's JSON protocol reaches for it only in operations with an
 * event stream, and ECR has none (API models), yet it would be 16 KB of every bundle.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error("ECR has no operation with an event stream");
  }
}
