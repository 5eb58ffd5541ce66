import { listRule } from "./strict-object.ts";

/** Refuses a text that stands in a list twice; with `key`, a text that two of its objects have under that key. */
export function eachOnce(key?: string) {
  return listRule((elements, report) => {
    const texts = elements.map((element) =>
      key === undefined ? element : (element as Record<string, unknown> | null | undefined)?.[key],
    );
    texts.forEach((text, index) => {
      if (typeof text !== "string" || texts.indexOf(text) === index) return;
      report(key === undefined ? [index] : [index, key], `${JSON.stringify(text)} stands here twice; write it once`);
    });
  });
}
