/** Counts of a sweep that a reader wants to see, in this order; events/README.md says what each is. */
const COUNTS = [
  "repositories",
  "conforming",
  "putBack",
  "differing",
  "reported",
  "excepted",
  "misnamed",
  "ungoverned",
  "failed",
  "gone",
];

/** `12 repositories, 10 conforming, 2 put back`, without what was counted 0 times; empty for what counts no repositories. */
export function countsInWords(facts: Readonly<Record<string, unknown>>): string {
  if (typeof facts.repositories !== "number") return "";
  return COUNTS.flatMap((name) => {
    const count = facts[name];
    const isShown = typeof count === "number" && (count > 0 || name === "repositories");
    return isShown ? [`${count} ${name.replace(/[A-Z]/, (letter) => ` ${letter.toLowerCase()}`)}`] : [];
  }).join(", ");
}
