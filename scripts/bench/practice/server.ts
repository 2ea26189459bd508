import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export type ServerAddress = { readonly server: string; readonly user: string; readonly password: string };
export type ServerProcess = {
  readonly address: ServerAddress;
  /** The most memory that it has had resident so far, in megabytes; undefined where /proc does not say. */
  peakMegabytes(): number | undefined;
  end(): Promise<void>;
};

/** The program's own `practice --json`, in a process of its own. */
export async function startServer([command = '', ...args]: readonly string[]): Promise<ServerProcess> {
  const child: ChildProcess = spawn(command, [...args, 'practice', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { stdout } = child;
  if (stdout === null) throw new Error('the server has no output');
  const [line] = (await once(createInterface({ input: stdout }), 'line')) as [string];
  return {
    address: JSON.parse(line) as ServerAddress,
    peakMegabytes: () => {
      if (process.platform !== 'linux') return undefined;
      const kilobytes = /^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
    },
    end: async () => {
      const ended = once(child, 'exit');
      // It has nothing to save, and one that does not pause would not hear a milder signal.
      child.kill('SIGKILL');
      await ended;
    },
  };
}
