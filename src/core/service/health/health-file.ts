import { readFile } from 'node:fs/promises';
import { writeFile } from 'atomically';
import { type Health, parseHealth } from './health.ts';

/** Undefined where a service has left none, or none that can be read. */
export async function readHealth(path: string): Promise<Health | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseHealth(text);
}

/** The health file of this process. Nothing about it stops the synchronisation. */
export type HealthFile = {
  /** Writes it soon; of what comes in quick succession, the last. */
  keep(health: Health): void;
  /** Writes it now; resolves when that is done or has failed. */
  finish(health: Health): Promise<void>;
};

/** Milliseconds between two writes: the file is for people and monitoring, and registers have slow disks. */
const pause = 1000;

/** `complain` hears once why the file cannot be written, and again after it could. */
export function healthFile(path: string, complain: (reason: string) => void): HealthFile {
  let waiting: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let latest: Health | undefined;
  let isBroken = false;
  const write = async () => {
    if (latest === undefined) return;
    try {
      // Without waiting for the disk: after a power cut an older or an empty file does no harm.
      await writeFile(path, `${JSON.stringify(latest, undefined, 2)}\n`, {
        mode: 0o644,
        fsync: false,
        timeout: pause,
      });
      isBroken = false;
    } catch (error) {
      if (!isBroken) complain(`${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
      isBroken = true;
    }
  };
  return {
    keep(health) {
      latest = health;
      waiting ??= setTimeout(() => {
        waiting = undefined;
        writing = writing.then(write);
      }, pause);
    },
    async finish(health) {
      clearTimeout(waiting);
      latest = health;
      writing = writing.then(write);
      await writing;
    },
  };
}
