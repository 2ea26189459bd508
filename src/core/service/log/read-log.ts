import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { logFileName } from './service-log.ts';

/** Bytes of one file that are read at most: the end is what people ask for. */
const mostBytes = 4 * 1024 * 1024;

/** The last `count` lines of the log in a folder, oldest first; [] where there is none. Throws what the file system says. */
export async function readLog(folder: string, count: number): Promise<readonly string[]> {
  let lines: readonly string[] = [];
  for (const name of await logFiles(folder)) {
    if (lines.length >= count) break;
    lines = [...(await lastLines(join(folder, name))), ...lines];
  }
  return lines.slice(-count);
}

/** The message of the last line, for who wants to know why a service ended. */
export async function lastLogLine(folder: string): Promise<string | undefined> {
  const [line] = await readLog(folder, 1).catch(() => []);
  return line === undefined ? undefined : plainLine(line);
}

/** A line of the log as people read it: `2026-11-27 17:05:12  warn   RETAILTRANSACTION: ...`. */
export function plainLine(line: string): string {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    // Cut off by a kill or a full disk; what there is of it is shown.
    return line;
  }
  if (typeof entry !== 'object' || entry === null) return line;
  const { time, level, msg, hint } = entry as Readonly<Record<string, unknown>>;
  const when = String(time).slice(0, 19).replace('T', ' ');
  const next = typeof hint === 'string' && hint !== '' ? `  Next: ${hint}` : '';
  return `${when}  ${String(level).padEnd(5)}  ${String(msg)}${next}`;
}

/** The files of the log, the newest first: service.log, service.log.1, ... */
async function logFiles(folder: string): Promise<readonly string[]> {
  const age = (name: string) => Number(name.slice(logFileName.length + 1)) || 0;
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name === logFileName || /^service\.log\.\d+$/.test(name))
    .sort((one, other) => age(one) - age(other));
}

async function lastLines(path: string): Promise<readonly string[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - mostBytes);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    // The first one may have been cut through.
    return (from === 0 ? lines : lines.slice(1)).filter((line) => line !== '');
  } finally {
    await file.close();
  }
}
