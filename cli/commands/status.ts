import { type Command, Option } from "commander";
import type { MirrorState } from "#shared/mirror/mirror-state.ts";
import type { ListedRepository, ListRequest } from "#shared/standards/list-standards.ts";
import type { Backend, MirrorQuery, RepositoryStatus } from "../backends/backend.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { parseImageName, shortDigest } from "../image-name.ts";
import { coloured } from "../output/colours.ts";
import { table } from "../output/table.ts";
import type { Terminal } from "../output/terminal.ts";
import { visible } from "../output/visible.ts";
import type { Run } from "../program.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage-error.ts";

export function addStatus(program: Command, run: Run): void {
  program
    .command("status")
    .description("show repositories beside their standards, and where their tags are public")
    .argument("[image]", "REPO, REPO:TAG or REPO@sha256:...; all repositories without it")
    .addOption(
      new Option("--filter <which>", "of all repositories these alone").choices(["drifted", "misnamed", "mirrored"]),
    )
    .addHelpText(
      "after",
      `
Examples:
  ecr-autopilot status --filter drifted
  ecr-autopilot status team-a/api
  ecr-autopilot status team-a/api:v1.0.0 --json | jq -r '.states[].state'
`,
    )
    .action((text: string | undefined, options: { filter?: ListRequest["filter"] }, command: Command) =>
      run(command, async (session) => {
        if (text === undefined) return showList(session, options.filter);
        if (options.filter !== undefined) throw new UsageError("--filter is for all repositories: leave out the name");
        const { repository, tag, digest } = parseImageName(text);
        if (tag !== undefined || digest !== undefined) return showStates(session, { repository, tag, digest });
        return showRepository(session, repository);
      }),
    );
}

async function showList(session: Session, filter: ListRequest["filter"]): Promise<ExitCode> {
  const backend = await session.backend();
  const repositories: ListedRepository[] = [];
  let next: string | undefined;
  do {
    const page = await backend.listRepositories({ filter, next });
    repositories.push(...page.repositories);
    next = page.next;
  } while (next !== undefined);
  session.show({ repositories }, () => listInWords(repositories, session.out));
  return EXIT.done;
}

function listInWords(repositories: readonly ListedRepository[], out: Terminal): string {
  if (repositories.length === 0) return "No repositories.";
  const rows = repositories.map(({ repository, standard, mirrored, differences = [] }) => {
    const template = standard.outcome === "governed" ? standard.template : "";
    const why = standard.outcome === "governed" ? differences.map(({ words }) => words).join("; ") : standard.reason;
    return [repository, standard.outcome, template, mirrored ? "yes" : "", why];
  });
  const style = (text: string, column: number) => (column === 1 ? coloured(out, text) : text);
  return table(["REPOSITORY", "STANDARD", "TEMPLATE", "MIRRORED", "WHY"], rows, { width: out.columns, style });
}

async function showStates(session: Session, query: MirrorQuery): Promise<ExitCode> {
  const backend = await session.backend();
  const first = await backend.mirrorStates(query);
  const states = await wholeStates(backend, query.repository, first);
  const { repository, exists } = first;
  session.show({ repository, exists, states }, () => {
    if (!exists) return `There is no repository ${repository}.`;
    return states.length === 0 ? "There is no such image." : stateTable(states, session.out);
  });
  return exists && states.length > 0 ? EXIT.done : EXIT.failed;
}

async function showRepository(session: Session, name: string): Promise<ExitCode> {
  const backend = await session.backend();
  const { mirror, ...details } = await backend.showRepository(name);
  const states = await wholeStates(backend, name, mirror);
  session.show({ ...details, mirror: { states } }, () => {
    const text = detailsInWords(details);
    return states.length === 0 ? text : `${text}\n\n${stateTable(states, session.out)}`;
  });
  return EXIT.done;
}

async function wholeStates(
  backend: Backend,
  repository: string,
  first: RepositoryStatus["mirror"],
): Promise<MirrorState[]> {
  const states = [...first.states];
  for (let next = first.next; next !== undefined; ) {
    const page = await backend.mirrorStates({ repository, next });
    states.push(...page.states);
    next = page.next;
  }
  return states;
}

function detailsInWords(details: Omit<RepositoryStatus, "mirror">): string {
  const { repository, uri, standard, mutability, scanOnPush, mirrored, differences } = details;
  const except = mutability.exclude.length === 0 ? "" : ` except ${mutability.exclude.join(", ")}`;
  const told =
    standard.outcome === "governed"
      ? `template ${standard.template}, mutability: ${standard.mutability}`
      : `${standard.outcome}: ${standard.reason}`;
  const lines = [
    repository,
    `  uri         ${uri}`,
    `  standard    ${told}`,
    `  mutability  ${mutability.mode.replace(/_WITH_EXCLUSION$/, "")}${except}`,
    `  scan        ${scanOnPush ? "on push" : "not on push"}`,
    `  mirrored    ${mirrored ? "a rule names it" : "no rule names it"}`,
    ...differences.map(({ words, action }) => `  differs     ${words} (${action})`),
  ];
  return visible(lines.join("\n"));
}

function stateTable(states: readonly MirrorState[], out: Terminal): string {
  const rows = states.map((state) => {
    const { tag = "", digest = state.published ?? "", destination = "" } = state;
    return [tag, state.state, shortDigest(digest), destination, "reason" in state ? state.reason : ""];
  });
  const style = (text: string, column: number) => (column === 1 ? coloured(out, text) : text);
  return table(["TAG", "STATE", "DIGEST", "DESTINATION", "WHY"], rows, { width: out.columns, style });
}
