import type {
  AdvancedEventSelector,
  AdvancedFieldSelector,
  EventSelector,
  GetEventSelectorsResponse,
} from "@aws-sdk/client-cloudtrail";

export type Answer = "yes" | "no" | "unknown";

/**
 * What this project waits for, as an advanced selector sees it: refused pushes, creations and changes of tag mutability. Of a trail's management
 * events it can choose by these three fields alone:
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html
 */
const WANTED: Readonly<Record<string, string>> = {
  eventCategory: "Management",
  readOnly: "false",
  eventSource: "ecr.amazonaws.com",
};

/**
 * Whether a trail takes ECR's management events that write; `unknown` where it chooses by something else. One selector that takes them is
 * enough, and a trail without any takes all management events:
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
 */
export function takesWrites({
  EventSelectors = [],
  AdvancedEventSelectors = [],
}: Pick<GetEventSelectorsResponse, "EventSelectors" | "AdvancedEventSelectors">): Answer {
  if (EventSelectors.length + AdvancedEventSelectors.length === 0) return "yes";
  const answers = [...EventSelectors.map(byKind), ...AdvancedEventSelectors.map(byFields)];
  return answers.includes("yes") ? "yes" : answers.includes("unknown") ? "unknown" : "no";
}

/** What is not given is All, true and none (API model). */
function byKind({
  IncludeManagementEvents = true,
  ReadWriteType = "All",
  ExcludeManagementEventSources = [],
}: EventSelector): Answer {
  const isExcluded = ExcludeManagementEventSources.includes(WANTED.eventSource ?? "");
  return IncludeManagementEvents && ReadWriteType !== "ReadOnly" && !isExcluded ? "yes" : "no";
}

/** All fields of a selector must fit. */
function byFields({ FieldSelectors = [] }: AdvancedEventSelector): Answer {
  const answers = FieldSelectors.map(fits);
  return answers.includes("no") ? "no" : answers.includes("unknown") ? "unknown" : "yes";
}

/** Of the values of an operator one must fit; of one with "Not", none may: API_AdvancedFieldSelector. */
function fits(selector: AdvancedFieldSelector): Answer {
  const value = WANTED[selector.Field ?? ""];
  if (value === undefined) return "unknown";
  const equals = (other: string) => value === other;
  const starts = (other: string) => value.startsWith(other);
  const ends = (other: string) => value.endsWith(other);
  const holds =
    (selector.Equals?.some(equals) ?? true) &&
    (selector.StartsWith?.some(starts) ?? true) &&
    (selector.EndsWith?.some(ends) ?? true) &&
    !(selector.NotEquals ?? []).some(equals) &&
    !(selector.NotStartsWith ?? []).some(starts) &&
    !(selector.NotEndsWith ?? []).some(ends);
  return holds ? "yes" : "no";
}
