import type { ExitName } from '../core/errors.ts';
import { ExpectedError } from '../core/errors.ts';

/**
 * `storedb practice`: the practice server in the foreground, on loopback only, until Ctrl+C or until the process that
 * started it is gone. With `json` the first line is { server, user, password }.
 */
export async function practice(options: {
  readonly port: number;
  readonly json: boolean;
  /** Only says what the practice server knows and what it refuses. */
  readonly features?: boolean;
}): Promise<ExitName> {
  if (options.features === true) {
    const { featuresAsText } = await import('../practice/feature-text.ts');
    process.stdout.write(featuresAsText());
    return 'done';
  }
  const { startPracticeServer } = await import('../practice/index.ts');
  const server = await startPracticeServer({ port: options.port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    throw new ExpectedError({
      code: 'port-taken',
      exit: 'prerequisite',
      message: `Port ${options.port} cannot be used (${error.code}).`,
      hint: 'Give another one with --port, or none: a free port is found then.',
    });
  });
  const ended = untilEnded();
  answerParent(server.refusals);
  const { server: name, user, password } = server;
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ server: name, user, password })}\n`);
  } else {
    process.stdout.write(
      [
        'Practice server, not SQL Server. It keeps everything in memory and listens on this computer only.',
        `  Server    ${name}`,
        `  User      ${user}`,
        `  Password  ${password}`,
        'Ctrl+C ends it.\n',
      ].join('\n'),
    );
  }
  await ended;
  await server.close();
  // The channel to the process that started us would keep this one alive.
  if (process.connected === true) process.disconnect?.();
  return 'done';
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
