import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { SecretPorts } from '../core/answers/secrets.ts';
import { cancelled } from '../core/plan/index.ts';
import { Secret } from '../core/secret.ts';
import { readSmallFile } from './small-file.ts';
import { warn } from './warn.ts';

/** Bytes; a password is far shorter, and only the first line counts. */
const largestSecretFile = 64 * 1024;

/** Where this process finds passwords: its environment, files, its standard input, and the terminal. */
export function machineSecrets(typed?: ReadonlyMap<string, Secret>): SecretPorts {
  return {
    environment: process.env,
    files: {
      read: (path) => readSmallFile(path, largestSecretFile),
      isOpenToOthers: async (path) => process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0,
    },
    prompt: promptUnseen,
    nextLine: inputLines(),
    warn,
    ...(typed === undefined ? {} : { typed }),
  };
}

/** Asks on stderr, so that a redirected stdout stays clean, and shows nothing of what is typed. */
async function promptUnseen(question: string): Promise<Secret | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  process.stderr.write(`${question}: `);
  try {
    return await new Promise<Secret | undefined>((resolve, reject) => {
      lines.once('line', (line) => resolve(new Secret(line)));
      lines.once('close', () => resolve(undefined));
      lines.once('SIGINT', () => reject(cancelled(false)));
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

/** Lines of standard input, opened only when one is asked for. */
function inputLines(): () => Promise<string | undefined> {
  let lines: AsyncIterator<string> | undefined;
  return async () => {
    lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const next = await lines.next();
    // Some shells put a byte-order mark before what they pipe; no password begins with one.
    return next.done === true ? undefined : next.value.replace(/^\uFEFF/, '');
  };
}
