/**
 * Why the process could not start, or a command could not do its work. One line says what is wrong and what to do; the
 * exit code tells scripts which kind it is. docs/errors.md shows this table, and a test holds the two equal.
 */
export const START_ERRORS = {
  failed: {
    exitCode: 1,
    meaning: 'An unexpected fault, or `tidegate doctor` or `tidegate audit verify` found something wrong.',
  },
  usage: { exitCode: 2, meaning: 'Unknown command or flag, or a flag without its value.' },
  settings: {
    exitCode: 3,
    meaning: 'A setting is unknown or has a wrong value, in flags, file or variables.',
  },
  'address-unavailable': { exitCode: 4, meaning: 'The port is taken, or the address cannot be listened on.' },
  'data-folder': {
    exitCode: 5,
    meaning: 'The data folder cannot be used: not writable, or not a data folder.',
  },
  'data-newer': { exitCode: 6, meaning: 'The data folder was written by a newer version.' },
  'data-in-use': { exitCode: 7, meaning: 'Another process works on the same data folder.' },
  'master-key': { exitCode: 8, meaning: 'The master key is wrong, unreadable or of no known form.' },
  unreachable: { exitCode: 9, meaning: 'The running gateway could not be asked, or refused the command.' },
} as const satisfies Record<string, { exitCode: number; meaning: string }>;

export type StartErrorKind = keyof typeof START_ERRORS;

/** `problems` are whole lines for the user, each saying what is wrong and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly kind: StartErrorKind;
  readonly problems: readonly string[];

  constructor(kind: StartErrorKind, problems: string | readonly string[], options: { cause?: unknown } = {}) {
    const lines = typeof problems === 'string' ? [problems] : problems;
    super(lines.join('\n'), options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.problems = lines;
  }

  get exitCode(): number {
    return START_ERRORS[this.kind].exitCode;
  }
}

/** The words of an operating system error (`permission denied`), or the message of any other. */
export function reasonOf(error: unknown): string {
  const words: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'a part of the path is no folder',
    EISDIR: 'it is a folder',
    ENOENT: 'it does not exist',
    EMFILE: 'too many open files',
    EADDRINUSE: 'it is in use by another program',
    EADDRNOTAVAIL: 'this machine does not have that address',
    ENOTFOUND: 'the name cannot be resolved',
    ECONNREFUSED: 'nothing listens there',
  };
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return words[code] ?? error.message;
}
