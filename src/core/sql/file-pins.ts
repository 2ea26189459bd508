import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { ExpectedError } from '../errors.ts';
import type { PinStore } from './pins.ts';
import { errorCode } from './reach.ts';

const form = z.record(z.string(), z.string());

/**
 * Pins in a JSON file, `{ "srv01\\RETAIL": "4F:19:..." }`; it is made with the first one. A file that is there and
 * cannot be understood is an ExpectedError (`pins-unreadable`), never an empty list: that would accept any server.
 */
export function filePins(path: string): PinStore {
  const read = async (): Promise<Readonly<Record<string, string>>> => {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return {};
      throw unreadable(path, error);
    }
    try {
      return form.parse(JSON.parse(text));
    } catch (error) {
      throw unreadable(path, error);
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    find: async (serverKey) => {
      const pins = await read();
      return Object.hasOwn(pins, serverKey) ? pins[serverKey] : undefined;
    },
    keep: (serverKey, fingerprint) => {
      const turn = last.then(async () => {
        const pins = { ...(await read()), [serverKey]: fingerprint };
        await mkdir(dirname(path), { recursive: true });
        // A power cut leaves the old list or the new one, never half of it.
        await writeFile(`${path}.new`, `${JSON.stringify(pins, null, 2)}\n`);
        await rename(`${path}.new`, path);
      });
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

function unreadable(path: string, cause: unknown): ExpectedError {
  return new ExpectedError({
    code: 'pins-unreadable',
    exit: 'prerequisite',
    message: `The list of accepted certificates cannot be read: ${path}`,
    hint: 'Delete the file; each server is then accepted anew.',
    details: { path },
    cause,
  });
}
