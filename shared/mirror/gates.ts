import type { MirrorRule } from "../policy/schema.ts";
import type { Accessory } from "./accessories.ts";
import type { ImagePlan } from "./plan.ts";
import { scanVerdict } from "./scan-verdict.ts";
import { signatureVerdict } from "./signature-gate.ts";
import type { MirrorSource, SourceImage } from "./source.ts";

export type GateName = "minimum-age" | "scan" | "signature";

export type GateVerdict =
  /** All gates that the rule has. */
  | { readonly outcome: "passed"; readonly gates: readonly GateName[] }
  /** `blocked`: what is missing may still come, and brings the image back. `refused`: the image is as it is. */
  | { readonly outcome: "blocked" | "refused"; readonly gate: GateName; readonly reason: string };

export interface GatedImage {
  readonly repository: string;
  readonly image: SourceImage;
  /** What would be copied. */
  readonly plan: ImagePlan;
  readonly accessories: readonly Accessory[];
}

type Verdict = { readonly outcome: "passed" } | { readonly outcome: "waiting" | "refused"; readonly reason: string };

const HOUR_MS = 3_600_000;

/**
 * Whether an image may become public, before its first byte moves: the cheapest gate first, the first that holds it back decides.
 * Errors: AutopilotError of the reads; whatever cannot be read is not let through.
 */
export async function passGates(
  source: MirrorSource,
  gated: GatedImage,
  gates: MirrorRule["gates"],
  now: Date,
): Promise<GateVerdict> {
  const ladder: readonly (readonly [GateName, () => Verdict | Promise<Verdict>])[] = [
    ...(gates.minimumAgeHours === undefined ? [] : [["minimum-age", () => ageVerdict(gated, gates, now)] as const]),
    ...(gates.scan === undefined ? [] : [["scan", () => scansVerdict(source, gated, gates, now)] as const]),
    ...(gates.signature === undefined ? [] : [["signature", () => signatureVerdict(source, gated, gates)] as const]),
  ];
  for (const [gate, judge] of ladder) {
    const verdict = await judge();
    if (verdict.outcome === "passed") continue;
    return { outcome: verdict.outcome === "waiting" ? "blocked" : "refused", gate, reason: verdict.reason };
  }
  return { outcome: "passed", gates: ladder.map(([gate]) => gate) };
}

function ageVerdict({ image }: GatedImage, { minimumAgeHours = 0 }: MirrorRule["gates"], now: Date): Verdict {
  const { pushedAt } = image;
  if (pushedAt === undefined) return { outcome: "refused", reason: "nobody knows when the image was pushed" };
  const ready = new Date(pushedAt.getTime() + minimumAgeHours * HOUR_MS);
  if (ready <= now) return { outcome: "passed" };
  const reason = `the image was pushed at ${pushedAt.toISOString()}, and may be published from ${ready.toISOString()} on`;
  return { outcome: "waiting", reason };
}

/** Each image that runs is scanned for itself; an index has no scan of its own. The first that is refused decides, then the first that waits. */
async function scansVerdict(
  source: MirrorSource,
  { repository, plan }: GatedImage,
  { scan: rule }: MirrorRule["gates"],
  now: Date,
): Promise<Verdict> {
  let waiting: Verdict | undefined;
  if (rule === undefined) return { outcome: "passed" };
  // No finding is not a clean scan.
  if (plan.runnable.length === 0) return { outcome: "refused", reason: "there is nothing in it that a scan looks at" };
  for (const digest of plan.runnable) {
    const verdict = scanVerdict(rule, await source.scanFindings(repository, digest), now);
    if (verdict.outcome === "passed") continue;
    const told = { ...verdict, reason: `${digest}: ${verdict.reason}` };
    if (verdict.outcome === "refused") return told;
    waiting ??= told;
  }
  return waiting ?? { outcome: "passed" };
}
