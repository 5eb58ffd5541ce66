/** What the shell is told. docs/cli.md and `--help` have the same table. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  different: 4,
  denied: 5,
  unreachable: 6,
  /** 128 and SIGINT's 2, as shells have it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_IN_WORDS = `Exit codes:
  0    done, or nothing to do
  1    failed
  2    the words were wrong: --help tells more
  3    refused by the policy or by a rule
  4    something differs (plan --exit-code only)
  5    access denied, or no valid credentials
  6    not reachable, or throttled: try again
  130  ended by Ctrl-C`;
