import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ExpectedError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { ownCommand } from './own-program.ts';

/** A practice server in a process of its own; it ends with us, also when we are killed (its IPC channel closes). */
export type PracticeProcess = {
  /** As a technician would type it: `127.0.0.1,PORT`. */
  readonly server: string;
  readonly user: string;
  readonly password: Secret;
  /** What it refused so far, and how often. Rejects when it has ended. */
  refusals(): Promise<readonly Refused[]>;
  end(): Promise<void>;
};

export type Refused = { readonly text: string; readonly count: number };

/** The time that a slow register's disk may take to load the executable a second time, in milliseconds. */
const startLimit = 60_000;

/** The time that it gets to close its connections, in milliseconds; it holds nothing that could be lost. */
const endLimit = 5000;

/**
 * Starts `storedb practice` from this same program. Its password comes through the pipe, never through arguments.
 * What it complains of goes to stderr, or line by line to `hear`: behind a drawn screen stderr would write over it.
 */
export async function startPracticeProcess(hear?: (line: string) => void): Promise<PracticeProcess> {
  const own = ownCommand();
  const child = spawn(own.file, [...own.args, 'practice', '--json'], {
    stdio: ['ignore', 'pipe', hear === undefined ? 'inherit' : 'pipe', 'ipc'],
    windowsHide: true,
  });
  if (hear !== undefined && child.stderr !== null) createInterface({ input: child.stderr }).on('line', hear);
  const first = await firstLine(child);
  const { server, user, password } = JSON.parse(first) as { server: string; user: string; password: string };
  child.unref();
  child.channel?.unref();
  return {
    server,
    user,
    password: new Secret(password),
    refusals: () => refusalsOf(child),
    end: () => endOf(child),
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The practice server has no output pipe');
  const lines = createInterface({ input: child.stdout });
  const failure = (why: string) =>
    new ExpectedError({
      code: 'practice-server-failed',
      exit: 'prerequisite',
      message: `The practice server did not start: ${why}.`,
      hint: 'Run "storedb practice" by itself and see what it says.',
    });
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill();
      reject(failure(`no answer within ${startLimit / 1000} seconds`));
    }, startLimit);
    const settle = () => clearTimeout(timer);
    lines.once('line', (line) => {
      settle();
      resolve(line);
    });
    child.once('error', (error) => {
      settle();
      reject(failure(error.message));
    });
    child.once('exit', (code) => {
      settle();
      reject(failure(`it ended with ${code}`));
    });
  });
}

async function refusalsOf(child: ChildProcess): Promise<readonly Refused[]> {
  return await new Promise((resolve, reject) => {
    const settle = () => {
      child.off('message', hear);
      child.off('exit', end);
      child.channel?.unref();
    };
    const hear = (answer: unknown) => {
      if (typeof answer !== 'object' || answer === null || !('refusals' in answer)) return;
      settle();
      resolve(answer.refusals as readonly Refused[]);
    };
    const end = () => {
      settle();
      reject(new Error('the practice server has ended'));
    };
    child.channel?.ref();
    child.on('message', hear);
    child.once('exit', end);
    child.send('refusals', (error) => {
      if (error === null) return;
      settle();
      reject(error);
    });
  });
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.ref();
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), endLimit);
  await ended;
  clearTimeout(impatience);
}
