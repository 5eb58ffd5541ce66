/**
 * An address in a form that stands unchanged in Markdown (with or without angle brackets, in tables, too) and in quoted HTML attributes: what
 * would end it or be read as something else is percent-encoded, and & is an entity.
 */
export function addressText(url: URL): string {
  const { origin, href } = url;
  const rest = url.protocol === "mailto:" || !href.startsWith(origin) ? href : href.slice(origin.length);
  const safe = rest.replace(/[()'"`|\\<>[\]{}^\s]/g, percent).replaceAll("&", "&amp;");
  return href.slice(0, href.length - rest.length) + safe;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
