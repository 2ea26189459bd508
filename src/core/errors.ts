/** Everything a technician can meet ends in one of these; the README and `--help` print this table. */
export const exitCodes = {
  done: { code: 0, meaning: 'done, or nothing to do' },
  bug: { code: 1, meaning: 'a bug in storedb; the log folder has the details' },
  usage: { code: 2, meaning: 'the command line is wrong' },
  answers: { code: 3, meaning: 'the answers are invalid or unreadable; nothing was changed' },
  prerequisite: { code: 4, meaning: 'a prerequisite failed; nothing was changed' },
  connection: { code: 5, meaning: 'a server cannot be reached or refused the sign-in; nothing was changed' },
  cancelledBefore: { code: 10, meaning: 'cancelled before anything was changed' },
  cancelledDuring: { code: 11, meaning: 'cancelled during the work; the same command continues it' },
  failedPartWay: { code: 13, meaning: 'failed part-way; the same command continues it' },
  locked: { code: 14, meaning: 'another run is at work on the same database' },
  restartNeeded: { code: 20, meaning: 'done, but a restart is needed' },
  verifyFoundProblems: {
    code: 21,
    meaning: 'done, but somebody has to look: verify found problems, or rows are parked',
  },
} as const;

export type ExitName = keyof typeof exitCodes;

/**
 * Something that can be expected to happen to a technician: what is wrong (`message`), the one next thing to do
 * (`hint`), and what a support person would ask for (`details`). Anything else that is thrown is a bug.
 */
export class ExpectedError extends Error {
  override readonly name = 'ExpectedError';
  /** Stable kebab-case name of the kind of failure, e.g. 'login-refused'; it stands in JSON output. */
  readonly code: string;
  readonly exit: ExitName;
  readonly hint: string;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(problem: {
    readonly code: string;
    readonly exit: ExitName;
    readonly message: string;
    readonly hint: string;
    readonly details?: Readonly<Record<string, string | number>>;
    readonly cause?: unknown;
  }) {
    super(problem.message, problem.cause === undefined ? undefined : { cause: problem.cause });
    this.code = problem.code;
    this.exit = problem.exit;
    this.hint = problem.hint;
    this.details = problem.details ?? {};
  }
}
