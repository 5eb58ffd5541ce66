import { readPublicKey } from "../policy/public-key.ts";
import type { Published, PublishedImage } from "./published.ts";

/** Bound of ours; a key of RSA 4,096 has 800 characters. */
const MOST_KEYS = 5;
const LONGEST_KEY = 1_600;

/**
 * How a reader verifies the newest of these images that is signed, in Markdown; undefined where none is. With the keys that the policy
 * tells, as files to be copied; without a key only that there are signatures.
 * https://github.com/sigstore/cosign/blob/main/doc/cosign_verify.md
 */
export function verificationText(
  { uri, signed, keys }: Published,
  images: readonly Pick<PublishedImage, "digest" | "tags">[],
): string | undefined {
  const image = images.find(({ digest }) => signed.includes(digest));
  if (image === undefined) return undefined;
  const reference = `${uri}@${image.digest}`;
  const files = filesOf(keys);
  const said = `## Verify the signature\n\n\`${image.tags[0]}\` is signed, and the signature is published beside it.`;
  if (files.length === 0) return `${said} To see what there is:\n\n${fence(`cosign tree ${reference}`, "sh")}`;
  const steps = files.map(
    ({ file, pem }) =>
      `Save this public key as \`${file}\`:\n\n${fence(pem)}\n\nThen, with cosign:\n\n${fence(`cosign verify --key ${file} ${reference}`, "sh")}`,
  );
  return [files.length > 1 ? `${said} One of these keys has made it.` : said, ...steps].join("\n\n");
}

/** Each key once, under a name that a shell takes as it is. */
function filesOf(keys: Published["keys"]): { readonly file: string; readonly pem: string }[] {
  const usable = keys
    .map(({ name, pem }) => ({ name, pem: pem.trim().replaceAll("\r\n", "\n") }))
    .filter(({ pem }) => pem.length <= LONGEST_KEY && readPublicKey(pem) !== undefined);
  const once = usable.filter(({ pem }, index) => usable.findIndex((other) => other.pem === pem) === index);
  const shown = once.slice(0, MOST_KEYS);
  const names = shown.map(({ name }) => name);
  return shown.map(({ name, pem }, index) => {
    const isFileName = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,63}$/.test(name) && names.indexOf(name) === index;
    return { file: `${isFileName ? name.replace(/\.pub$/, "") : `key-${index + 1}`}.pub`, pem };
  });
}

function fence(text: string, language = ""): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
