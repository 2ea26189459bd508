import { accessSync, appendFileSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ExpectedError } from '../core/errors.ts';
import { fileNameOf } from './subject.ts';

/**
 * The dated folder of one run. A folder that fills up or vanishes (a stick pulled out) must not stop a run: the first
 * failure is said once through `warn`, and the rest is left out.
 */
export type LogFolder = {
  /** Undefined where no folder could be made. */
  readonly path: string | undefined;
  /** The path of summary.txt. */
  readonly summary: string | undefined;
  /** Replaces a file of the folder. */
  write(name: 'summary.txt' | 'plan.sql' | 'answers.yaml' | 'error.txt', text: string): void;
  /** Adds one line to events.jsonl. */
  event(line: string): void;
};

/**
 * Makes the folder `2026-11-22_1419_HOUSTON` under `chosen` (--log-dir), else beside the executable where that can be
 * written (the USB stick), else under the platform's log folder. Throws ExpectedError when a chosen folder cannot be
 * made.
 */
export function openLogFolder(input: {
  readonly chosen: string | undefined;
  readonly subject: string;
  readonly now: Date;
  readonly warn: (text: string) => void;
}): LogFolder {
  const name = `${dated(input.now)}_${fileNameOf(input.subject)}`;
  const path =
    input.chosen === undefined ? makeFirst(defaultPlaces(), name) : makeChosen(resolve(input.chosen), name);
  let isBroken = path === undefined;
  if (isBroken) input.warn('No folder for the log could be made; this run is not logged.');
  const attempt = (write: () => void) => {
    if (isBroken) return;
    try {
      write();
    } catch (error) {
      isBroken = true;
      input.warn(
        `The log folder ${path} cannot be written any more (${reason(error)}); the run goes on without it.`,
      );
    }
  };
  const file = (leaf: string) => join(path ?? '', leaf);
  const folder: LogFolder = {
    path,
    summary: path === undefined ? undefined : file('summary.txt'),
    write: (leaf, text) => attempt(() => writeFileSync(file(leaf), text)),
    event: (line) => attempt(() => appendFileSync(file('events.jsonl'), `${line}\n`)),
  };
  folder.write('summary.txt', 'This run has not ended yet, or was cut off.\n');
  return folder;
}

/** Beside the executable (in development: the current folder), then the platform's log folder. */
function defaultPlaces(): readonly string[] {
  const isPacked = !/[\\/]node(\.exe)?$/i.test(process.execPath);
  const beside = isPacked ? dirname(process.execPath) : process.cwd();
  const platform =
    process.platform === 'win32'
      ? join(process.env.ProgramData ?? 'C:\\ProgramData', 'storedb', 'logs')
      : join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'storedb', 'logs');
  return [join(beside, 'storedb-logs'), platform];
}

function makeFirst(places: readonly string[], name: string): string | undefined {
  for (const place of places) {
    try {
      return make(place, name);
    } catch {
      // Not writable: the next place is tried, and the caller is told when none is left.
    }
  }
  return undefined;
}

function makeChosen(place: string, name: string): string {
  try {
    return make(place, name);
  } catch (error) {
    throw new ExpectedError({
      code: 'log-folder',
      exit: 'usage',
      message: `The log folder ${place} cannot be written: ${reason(error)}.`,
      hint: 'Give another folder with --log-dir, or leave it out.',
      cause: error,
    });
  }
}

/** By hand: with `recursive` Node never returns where the file system says that the parent is missing, as /proc does. */
function makeWithParents(place: string): void {
  if (existsSync(place)) return;
  const parent = dirname(place);
  if (parent !== place) makeWithParents(parent);
  makeUnlessThere(place);
}

/** False when it is there already, perhaps since a moment ago: two runs may begin together. */
function makeUnlessThere(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Two runs of one minute get folders of their own. */
function make(place: string, name: string): string {
  makeWithParents(place);
  accessSync(place, constants.W_OK);
  for (let number = 1; ; number += 1) {
    const path = join(place, number === 1 ? name : `${name}_${number}`);
    if (makeUnlessThere(path)) return path;
  }
}

const two = (number: number) => String(number).padStart(2, '0');

function dated(now: Date): string {
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${day}_${two(now.getHours())}${two(now.getMinutes())}`;
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
