import { type ExitName, ExpectedError } from '../core/errors.ts';

/**
 * `storedb practice`: the practice server in the foreground, on loopback only, until Ctrl+C or until the process that
 * started it is gone. With `json` the first line is { server, user, password }. The password is a new one at each
 * start, unless STOREDB_PRACTICE_PASSWORD says which: a data file keeps only hashes, so this is the way in again.
 */
export async function practice(options: {
  readonly port: number;
  readonly json: boolean;
  /** Only says what the practice server knows and what it refuses. */
  readonly features?: boolean;
  /** Keeps the databases in this file. */
  readonly dataFile?: string | undefined;
}): Promise<ExitName> {
  if (options.features === true) {
    const { featuresAsText } = await import('../practice/feature-text.ts');
    process.stdout.write(featuresAsText());
    return 'done';
  }
  const { startPracticeServer } = await import('../practice/index.ts');
  const { dataFile } = options;
  const given = process.env.STOREDB_PRACTICE_PASSWORD;
  const isGiven = given !== undefined && given !== '';
  const server = await startPracticeServer({
    port: options.port,
    ...(isGiven ? { password: given } : {}),
    ...(dataFile === undefined ? {} : { dataFile }),
  }).catch((error: unknown) => {
    throw expectedProblem(error, options.port);
  });
  const ended = untilEnded();
  answerParent(server.refusals);
  const { server: name, user, password } = server;
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ server: name, user, password })}\n`);
  } else {
    process.stdout.write(
      [
        `Practice server, not SQL Server. It keeps everything in ${dataFile ?? 'memory'} and listens on this computer only.`,
        `  Server    ${name}`,
        `  User      ${user}`,
        `  Password  ${isGiven ? 'the one in STOREDB_PRACTICE_PASSWORD' : password}`,
        'Ctrl+C ends it.\n',
      ].join('\n'),
    );
  }
  await ended;
  await server.close().catch((error: unknown) => {
    throw expectedProblem(error, options.port);
  });
  // The channel to the process that started us would keep this one alive.
  if (process.connected === true) process.disconnect?.();
  return 'done';
}

const dataFileHints = {
  'in-use': 'End the other practice server, or give another file.',
  damaged: 'Bring the file back from a copy, or give a new name: an empty one is made then.',
  newer: 'Use that newer storedb, or give another file.',
  foreign: 'Give a new name: an empty one is made then.',
  unusable: 'Check the folder, the rights on it and the space on the disk.',
} as const;

/** What a technician can do something about; anything else stays what it is. */
function expectedProblem(error: unknown, port: number): unknown {
  if (!(error instanceof Error)) return error;
  if ('reason' in error && error.name === 'DataFileProblem') {
    const hint = dataFileHints[error.reason as keyof typeof dataFileHints];
    return new ExpectedError({
      code: `data-file-${String(error.reason)}`,
      exit: 'prerequisite',
      message: error.message,
      hint,
      cause: error,
    });
  }
  const code = 'code' in error ? error.code : undefined;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  return new ExpectedError({
    code: 'port-taken',
    exit: 'prerequisite',
    message: `Port ${port} cannot be used (${code}).`,
    hint: 'Give another one with --port, or none: a free port is found then.',
  });
}

async function untilEnded(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve());
    if (process.connected === true) process.once('disconnect', () => resolve());
  });
}

/** The process that started us may ask at any time what was refused. */
function answerParent(refusals: ReadonlyMap<string, number>): void {
  process.on('message', (question) => {
    if (question === 'refusals')
      process.send?.({ refusals: [...refusals].map(([text, count]) => ({ text, count })) });
  });
}
