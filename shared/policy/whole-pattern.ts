/**
 * A regular expression of the policy that the whole of a text must match. The policy's build compiled the pattern on its own, so a stray
 * parenthesis cannot end the group that anchors it.
 */
export function wholePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, "u");
}
