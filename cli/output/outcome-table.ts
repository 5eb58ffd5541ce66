import type { MirrorOutcome } from "#shared/mirror/mirror-image.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { shortDigest } from "../image-name.ts";
import { inBytes } from "./bytes.ts";

/** What became of an image at each destination: outcome, destination, tags, and why or how much. */
export function outcomeRows(outcomes: readonly MirrorOutcome[]): string[][] {
  return outcomes.map((outcome) => {
    const destination = "destination" in outcome ? outcome.destination : "";
    const tags = "tags" in outcome ? outcome.tags.join(", ") : "";
    return [outcome.outcome, destination, tags, inWords(outcome)];
  });
}

function inWords(outcome: MirrorOutcome): string {
  switch (outcome.outcome) {
    case "mirrored": {
      const { blobs, bytes, skippedBlobs, conflicts } = outcome;
      const there = skippedBlobs === 0 ? "" : `, ${skippedBlobs} there already`;
      const left = conflicts.length === 0 ? "" : `; left out: ${conflicts.map(({ tag }) => tag).join(", ")}`;
      return `${blobs} layers (${inBytes(bytes)}) copied${there}${left}`;
    }
    case "unchanged":
      return `${shortDigest(outcome.digest)} is there`;
    case "conflict":
      return outcome.conflicts
        .map(
          ({ tag, published, pushed }) =>
            `${tag} is ${shortDigest(published)} and must stay it, not ${shortDigest(pushed)}`,
        )
        .join("; ");
    case "blocked":
    case "refused":
      return `${outcome.gate}: ${outcome.reason}`;
    case "not-selected":
      return outcome.reason;
    case "gone":
      return "there is no such image";
    case "continues":
      return `${outcome.left.blobs} layers are left`;
    case "unpublished":
      return "not public yet";
  }
}

/** Asked for one image: what a gate holds back is refused. */
export function exitCodeOfOutcomes(outcomes: readonly MirrorOutcome[]): ExitCode {
  const words = outcomes.map(({ outcome }) => outcome);
  if (words.some((word) => word === "blocked" || word === "refused" || word === "conflict")) return EXIT.refused;
  return words.some((word) => word === "continues") ? EXIT.failed : EXIT.done;
}
