/**
 * Tells of each element whether it is among the newest `count` of `all`: fewer than `count` others are newer. So of several that are equally
 * new either all are or none, and whatever order `all` is in makes no difference.
 */
export function amongNewest<T>(
  all: readonly T[],
  count: number,
  compare: (a: T, b: T) => number,
): (element: T) => boolean {
  const last = all.toSorted((a, b) => compare(b, a))[count - 1];
  return (element) => last === undefined || compare(element, last) >= 0;
}
