/** One timeline entry as the page shows it: texts only, ready to be put into elements, on the server or in the browser. */
import { countsInWords } from "../count-words.ts";
import type { TimelineEntry } from "../timeline.ts";
import { isRepositoryName, privateAddress, publicAddress } from "./addresses.ts";
import { shortDigest, timeOfDay } from "./format.ts";
import { callerInWords, principalInWords } from "./timeline-caller.ts";
import { type Tone, toneOf } from "./timeline-tone.ts";

export interface EntryView {
  readonly tone: Tone;
  /** RFC 3339, and the time of day in the account's time zone. */
  readonly time: string;
  readonly clock: string;
  /** `call`, `event`, `decision`; `refused`, `finding` and `failed` where that matters more. */
  readonly label: string;
  readonly who: string;
  /** The caller in full. */
  readonly principal: string;
  readonly what: string;
  /** Empty when the entry is about none. */
  readonly repository: string;
  /** Path of the repository's page; empty for what cannot be a repository's name. */
  readonly address: string;
  readonly text: string;
}

/** Longer texts end in an ellipsis: policy documents, for example. */
const longestText = 400;

export function viewOf(entry: TimelineEntry): EntryView {
  const tone = toneOf(entry);
  const repository = entry.repository ?? "";
  return {
    tone,
    time: entry.time.toISOString(),
    clock: timeOfDay(entry.time),
    label: tone === "quiet" || tone === "plain" ? entry.kind : tone,
    who: callerInWords(entry),
    principal: entry.who,
    what: entry.what,
    repository,
    address: addressOf(entry),
    text: shortened([reasonOf(entry), ...detailsOf(entry)].filter(Boolean).join(" · ")),
  };
}

function addressOf({ repository, what, who }: TimelineEntry): string {
  if (repository === undefined || !isRepositoryName(repository)) return "";
  const isPublic = what.startsWith("ecr-public:") || who === "aws.ecr-public";
  return isPublic ? publicAddress(repository) : privateAddress(repository);
}

/** With the code of the error before its text. */
function reasonOf(entry: TimelineEntry): string {
  return [inWords(entry.facts.error, (code) => code), ownWords(entry)].filter(Boolean).join(": ");
}

/** The text without what the other columns say already: `NAME: drift put back: REASON` is only the reason. */
function ownWords({ text = "", repository, what }: TimelineEntry): string {
  let rest = text;
  for (const told of [`${repository}:`, what, what.replaceAll("-", " ")]) {
    if (rest.startsWith(told)) rest = rest.slice(told.length).replace(/^[:\s]+/, "");
  }
  return rest;
}

/** What calls and decisions were about, as far as their facts tell it. */
function detailsOf({ facts }: TimelineEntry): string[] {
  const { imageTagMutability, prefix, tag, imageTag = tag, digest, imageDigest = digest } = facts;
  const { destination, changedBy, functionName } = facts;
  return [
    countsInWords(facts),
    inWords(functionName, (name) => name),
    inWords(imageTagMutability, (mode) => mode),
    inWords(prefix, (text) => `prefix ${text}`),
    inWords(imageTag, (text) => `tag ${text}`),
    inWords(imageDigest, shortDigest),
    inWords(destination, (name) => `to public ${name}`),
    inWords(changedBy, (arn) => `changed by ${principalInWords(arn)}`),
  ];
}

/** Facts come from logs and parameters: one that is no text is not told. */
function inWords(fact: unknown, words: (text: string) => string): string {
  return typeof fact === "string" && fact !== "" ? words(fact) : "";
}

function shortened(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}
