import { resolve } from 'node:path';
import type { Answers, DatabaseAnswers, SecretReference } from './answers.ts';

/**
 * The answers with absolute paths; relative ones count from `folder`, the one of the answers file. So an answers file
 * and what it names can lie together on a stick, whatever the current folder is, and the copy in the log folder names
 * the same files.
 */
export function withAbsolutePaths(answers: Answers, folder: string): Answers {
  const { storeDatabase, offlineDatabase, serviceAccount, options } = answers;
  return {
    ...answers,
    storeDatabase: withAbsoluteSecret(storeDatabase, folder),
    ...(offlineDatabase === undefined
      ? {}
      : { offlineDatabase: withAbsoluteSecret(offlineDatabase, folder) }),
    ...(serviceAccount?.password === undefined
      ? {}
      : {
          serviceAccount: {
            ...serviceAccount,
            password: absoluteReference(serviceAccount.password, folder),
          },
        }),
    options: {
      ...options,
      schemaPack: absolutePack(options.schemaPack, folder),
      ...(options.posConfig === undefined ? {} : { posConfig: resolve(folder, options.posConfig) }),
      ...(options.initialData === undefined || options.initialData === samplePack
        ? {}
        : { initialData: resolve(folder, options.initialData) }),
    },
  };
}

/** What options.initialData says for the sample that travels in the executable. */
export const samplePack = 'sample';

/** The folder of a schema pack; `builtin` is none. */
export function absolutePack(pack: string, folder: string): string {
  return pack === 'builtin' ? pack : resolve(folder, pack);
}

function withAbsoluteSecret(database: DatabaseAnswers, folder: string): DatabaseAnswers {
  const { auth } = database;
  if (auth.kind === 'windows') return database;
  return { ...database, auth: { ...auth, password: absoluteReference(auth.password, folder) } };
}

function absoluteReference(reference: SecretReference, folder: string): SecretReference {
  const [scheme = '', path = ''] = split(reference);
  return scheme === 'file' ? `file:${resolve(folder, path)}` : reference;
}

function split(reference: SecretReference): readonly [string, string] {
  const colon = reference.indexOf(':');
  return [reference.slice(0, colon), reference.slice(colon + 1)];
}
