import { writeFileSync } from 'node:fs';
import Conf from 'conf';
import * as z from 'zod';
import type { PinStore } from '../core/sql/pins.ts';

const values = z.record(z.string(), z.union([z.string(), z.boolean()]));
const remembered = z.object({
  /** Server key to the SHA-256 of the certificate that was accepted. */
  pins: z.record(z.string(), z.string()).default({}),
  /** The wizard's answers when it was left, never a secret. */
  draft: z
    .object({
      savedAt: z.string(),
      step: z.string(),
      values,
    })
    .optional(),
  /** The answers of the last run that was finished: the defaults of the next. */
  lastAnswers: values.optional(),
});
type Remembered = z.infer<typeof remembered>;
export type SavedDraft = NonNullable<Remembered['draft']>;

/** What storedb keeps on this machine between runs: accepted certificates and the answers of an unfinished wizard. */
export type Memory = {
  readonly pins: PinStore;
  /** The wizard's answers: of the one that was left, to be continued, and of the last one that was finished. */
  readonly draft: {
    find(): SavedDraft | undefined;
    keep(draft: SavedDraft): void;
    /** The run is done: nothing is left to continue, and its answers are the defaults of the next one. */
    finish(answers: SavedDraft['values']): void;
    lastFinished(): SavedDraft['values'] | undefined;
  };
};

/**
 * Opens the memory (package `conf`; STOREDB_STATE_DIR overrides its folder). A file that is damaged is set aside and
 * said once through `warn`; one that cannot be written lasts as long as the process. Nothing of it stops a run.
 */
export function openMemory(warn: (text: string) => void): Memory {
  const store = openStore(warn);
  let current: Remembered = store?.values ?? { pins: {} };
  const change = (next: Remembered) => {
    current = next;
    store?.save(next);
  };
  return {
    pins: {
      find: async (key) => (Object.hasOwn(current.pins, key) ? current.pins[key] : undefined),
      keep: async (key, fingerprint) => change({ ...current, pins: { ...current.pins, [key]: fingerprint } }),
    },
    draft: {
      find: () => current.draft,
      keep: (draft) => change({ ...current, draft }),
      finish: (answers) => change({ pins: current.pins, lastAnswers: answers }),
      lastFinished: () => current.lastAnswers,
    },
  };
}

function openStore(warn: (text: string) => void) {
  const folder = process.env.STOREDB_STATE_DIR;
  let damaged: string | undefined;
  try {
    const conf = new Conf<Remembered>({
      projectName: 'storedb',
      projectSuffix: '',
      defaults: { pins: {} },
      ...(folder === undefined ? {} : { cwd: folder }),
      deserialize: (text) => {
        const read = remembered.safeParse(parseJson(text));
        if (!read.success) damaged = text;
        return read.success ? read.data : { pins: {} };
      },
    });
    const values = conf.store;
    if (damaged !== undefined) {
      writeFileSync(`${conf.path}.damaged`, damaged);
      warn(`What storedb remembered was damaged; it is set aside as ${conf.path}.damaged.`);
    }
    return { values, save: saver(conf, warn) };
  } catch (error) {
    warn(`Nothing can be remembered for the next run: ${(error as Error).message}.`);
    return undefined;
  }
}

function saver(conf: Conf<Remembered>, warn: (text: string) => void) {
  let isBroken = false;
  return (values: Remembered) => {
    if (isBroken) return;
    try {
      conf.store = values;
    } catch (error) {
      isBroken = true;
      warn(
        `${conf.path} cannot be written (${(error as Error).message}): nothing is remembered for the next run.`,
      );
    }
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
