/** The standards that a private repository carries. */
import { isServiceKey } from "../ecr/kms-keys.ts";
import { type Encryption, type RepositorySettings, settingsOf } from "../ecr/settings.ts";
import type { RepositoryRecord } from "../store/store.ts";
import { counted } from "./format.ts";
import { type Html, html, type Part } from "./html.ts";

/** One term and description for each standard; what is absent is told as such, and looks so. `brief`: without the key's ARN. */
export function standardsList(record: RepositoryRecord, { brief }: { brief: boolean }): Html {
  const settings = settingsOf(record);
  const { encryption, lifecyclePolicyText, policyText, tags } = settings;
  return html`<dl class="standards">
${term("Image tags", mutability(settings))}
${term("Scan on push", settings.scanOnPush ? "on" : absent("off"))}
${term("Encryption", html`${encryption.encryptionType}${keyOf(encryption, brief)}`)}
${term("Lifecycle policy", present(lifecyclePolicyText, "rules", "rule"))}
${term("Repository policy", present(policyText, "Statement", "statement"))}
${term("Resource tags", tags.length === 0 ? absent("none") : tags.map(tagChip))}
</dl>`;
}

/** A policy over several lines; one that is not JSON as it is. */
export function prettyPolicy(text: string): Html {
  return html`<pre tabindex="0"><code>${indented(text)}</code></pre>`;
}

function keyOf({ kmsKey }: Encryption, brief: boolean): Part {
  if (kmsKey === undefined) return undefined;
  if (!brief) return html` <code>${kmsKey}</code>`;
  return isServiceKey(kmsKey) ? undefined : ", own key";
}

function mutability({ imageTagMutability, exclusionFilters }: RepositorySettings): Html {
  const mode = imageTagMutability.replace("_WITH_EXCLUSION", "");
  const filters = exclusionFilters.map(({ filter }) => html` <code class="chip">${filter}</code>`);
  return html`<strong class="mode">${mode}</strong>${filters.length === 0 ? undefined : html` except${filters}`}`;
}

function tagChip({ Key, Value }: { Key: string; Value: string }): Html {
  return html`<code class="chip">${Key}=${Value}</code> `;
}

function present(policy: string | undefined, list: string, noun: string): Part {
  if (policy === undefined) return absent("none");
  const entries = (parsed(policy) as Record<string, unknown> | null | undefined)?.[list];
  // A single statement may stand without its list.
  return entries === undefined ? "present" : counted(Array.isArray(entries) ? entries.length : 1, noun);
}

function absent(word: string): Html {
  return html`<span class="absent">${word}</span>`;
}

function term(name: string, description: Part): Html {
  return html`<div><dt>${name}</dt><dd>${description}</dd></div>`;
}

function indented(text: string): string {
  const value = parsed(text);
  return value === undefined ? text : JSON.stringify(value, null, 2);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Settings put past the API may hold any text; it is shown as it is.
    return undefined;
  }
}
