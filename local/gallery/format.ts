/** Sizes, times, digests and counts as people read them. */

/** `5.0 MiB`, never broken before its unit; below one KiB whole bytes. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1024) return `${bytes}\u00a0B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = bytes / 1024;
  // 1023.96 would be written as 1024.0, so the next unit begins a little earlier.
  while (value >= 1023.95 && units.length > 1) {
    value /= 1024;
    units.shift();
  }
  return `${value.toFixed(1)}\u00a0${units[0]}`;
}

/** `2026-03-02 08:05`, in the time zone of the process: the account runs on the reader's own machine. */
export function dateAndTime(date: Date): string {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join("-");
  return `${day} ${[date.getHours(), date.getMinutes()].map(twoDigits).join(":")}`;
}

/** `08:05:09`, likewise. */
export function timeOfDay(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":");
}

/** Algorithm and the first twelve digits, as docker shows it. */
export function shortDigest(digest: string): string {
  return /^[\w+.-]+:[0-9a-f]{12}/.exec(digest)?.[0] ?? digest;
}

/** `1 image`, `2 images`; `plural` where an s is not enough. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
