import { createHash } from "node:crypto";
import type { Policy } from "../../policy/schema.ts";
import type { CatalogFinding, CompiledText, PageTexts } from "../page-texts.ts";
import { catalogFolder, type PageField, type PageFiles } from "./catalog-folder.ts";
import { cleanText, decodeText } from "./clean-text.ts";
import { compileText } from "./compile-text.ts";
import { type FindingList, findingList } from "./finding-list.ts";
import { logoProblem } from "./logo-problem.ts";
import { plainText } from "./plain-text.ts";
import { readPolicyFile } from "./policy-file.ts";

/** All that a policy says of public pages, ready to be written beside the code. */
export interface CompiledCatalog {
  /** By public name. */
  readonly pages: ReadonlyMap<string, PageTexts>;
  /** PNG bytes by their SHA-256 in hex. */
  readonly logos: ReadonlyMap<string, Uint8Array>;
  /** Those of all pages, and of what belongs to no page. */
  readonly findings: readonly CatalogFinding[];
}

type Section = Policy["catalog"]["repositories"][number];

/**
 * Compiles the policy's `catalog` section, and the files in `catalog/<public name>/` in the policy's folder. What is wrong in a text, a logo or
 * a file is a finding, and the page is made of the rest: a text in the policy wins over a file. Errors: those of a broken file system only.
 */
export async function compileCatalog(options: { policy: Policy; directory: string }): Promise<CompiledCatalog> {
  const { pages: files, findings } = await catalogFolder(options.directory);
  const sections = new Map(
    options.policy.catalog.repositories.map((section, index) => [section.repository, { section, index }]),
  );
  const pages = new Map<string, PageTexts>();
  const logos = new Map<string, Uint8Array>();
  for (const name of [...new Set([...sections.keys(), ...files.keys()])].sort()) {
    const { section, index } = sections.get(name) ?? { section: { repository: name }, index: -1 };
    const page = await compilePage(section, `catalog.repositories[${index}]`, files.get(name) ?? {}, options.directory);
    pages.set(name, page.texts);
    if (page.logo !== undefined) logos.set(page.logo.sha256, page.logo.bytes);
  }
  return { pages, logos, findings: [...findings, ...[...pages.values()].flatMap((page) => page.findings)] };
}

async function compilePage(section: Section, place: string, files: PageFiles, directory: string) {
  const lists: FindingList[] = [];
  const listOf = (file: string) => {
    const list = findingList(file);
    lists.push(list);
    return list;
  };
  for (const field of ["about", "usage", "logo"] as const) tellUnused(field);

  const description =
    section.description === undefined ? undefined : plainText(section.description, listOf(`${place}.description`));
  const [about, usage] = [await textOf("about"), await textOf("usage")];
  const logo = await logoOf();
  const texts: PageTexts = {
    ...(description === undefined ? {} : { description }),
    ...(about === undefined ? {} : { about }),
    ...(usage === undefined ? {} : { usage }),
    ...(logo === undefined ? {} : { logo: { sha256: logo.sha256 } }),
    ...(section.source === undefined ? {} : { source: section.source }),
    findings: lists.flatMap((list) => list.all()),
  };
  return { texts, logo };

  function tellUnused(field: PageField): void {
    const file = files[field];
    if (file !== undefined && section[field] !== undefined)
      listOf(file).add("file-unused", `is not used, since ${place}.${field} is given; remove one of them`);
  }

  async function textOf(field: "about" | "usage"): Promise<CompiledText | undefined> {
    const inline = section[field];
    if (inline !== undefined) {
      const findings = listOf(`${place}.${field}`);
      return compileText(cleanText(inline, findings), findings);
    }
    const file = files[field];
    if (file === undefined) return undefined;
    const findings = listOf(file);
    const bytes = await readPolicyFile(directory, file, findings);
    const text = bytes === undefined ? undefined : decodeText(bytes, findings);
    return text === undefined ? undefined : compileText(cleanText(text, findings), findings);
  }

  async function logoOf(): Promise<{ sha256: string; bytes: Uint8Array } | undefined> {
    const file = section.logo ?? files.logo;
    if (file === undefined) return undefined;
    const findings = listOf(file);
    const bytes = await readPolicyFile(directory, file, findings);
    if (bytes === undefined) return undefined;
    const problem = logoProblem(bytes);
    if (problem === undefined) return { sha256: createHash("sha256").update(bytes).digest("hex"), bytes };
    findings.add(problem.rule, problem.message);
    return undefined;
  }
}
