import { acceptsCharacter, type GlobKind, globTokens, isWildcard } from "./glob.ts";

/** Whether there is any text that both globs match. Time: the product of their lengths. */
export function globsOverlap(a: string, b: string, kind: GlobKind = "tag"): boolean {
  const left = globTokens(a, kind);
  const right = globTokens(b, kind);
  const width = right.length + 1;
  // overlaps[i * width + j]: whether the ends of both, from token i and token j on, have a text in common. Filled from the back.
  const overlaps = new Array<boolean>((left.length + 1) * width).fill(false);
  const at = (i: number, j: number) => overlaps[i * width + j] === true;
  for (let i = left.length; i >= 0; i--) {
    for (let j = right.length; j >= 0; j--) {
      overlaps[i * width + j] = (i === left.length && j === right.length) || stepExists(left[i], right[j], i, j, at);
    }
  }
  return at(0, 0);
}

function stepExists(
  left: string | undefined,
  right: string | undefined,
  i: number,
  j: number,
  at: (i: number, j: number) => boolean,
): boolean {
  const leftWild = left !== undefined && isWildcard(left);
  const rightWild = right !== undefined && isWildcard(right);
  if (leftWild && at(i + 1, j)) return true;
  if (rightWild && at(i, j + 1)) return true;
  if (left === undefined || right === undefined || (leftWild && rightWild)) return false;
  if (leftWild) return acceptsCharacter(left, right) && at(i, j + 1);
  if (rightWild) return acceptsCharacter(right, left) && at(i + 1, j);
  return left === right && at(i + 1, j + 1);
}
