/** APPLOCK_MODE and APPLOCK_TEST, read from the locks that the server holds. */

import { type BuiltinFunction, Refusal, type Runtime } from '../../engine/extension.ts';
import type { LockRow } from '../../engine/model.ts';
import { applicationResource } from '../../engine/run/application-locks.ts';
import { flag, metadataFunction, NAME, SMALLINT, TEXT, textOf } from './metadata-function.ts';

const modes: Readonly<Record<string, string>> = {
  IS: 'IntentShared',
  IX: 'IntentExclusive',
  S: 'Shared',
  U: 'Update',
  X: 'Exclusive',
};

/** Modes that another session may hold beside the one asked for. */
const compatible: Readonly<Record<string, readonly string[]>> = {
  INTENTSHARED: ['IS', 'S', 'U', 'IX'],
  SHARED: ['IS', 'S', 'U'],
  UPDATE: ['IS', 'S'],
  INTENTEXCLUSIVE: ['IS', 'IX'],
  EXCLUSIVE: [],
};
const strength = ['IS', 'IX', 'S', 'U', 'X'];

function checkOwner(owner: string): 'SESSION' | 'TRANSACTION' {
  const folded = owner.toUpperCase();
  if (folded !== 'SESSION' && folded !== 'TRANSACTION') {
    throw new Refusal(`an application lock owner '${owner}'`);
  }
  return folded;
}

function* locksOn(resource: string, { server, database }: Runtime): Generator<LockRow> {
  const description = applicationResource(resource);
  for (const lock of server.lockRows()) {
    const isIt =
      lock.resource === 'APPLICATION' && lock.databaseId === database.id && lock.description === description;
    if (isIt && lock.status === 'GRANT') yield lock;
  }
}

export const lockFunctions: readonly BuiltinFunction[] = [
  metadataFunction(
    'APPLOCK_MODE',
    [NAME, TEXT, NAME],
    { kind: 'nvarchar', length: 32 },
    ([, resource, owner], runtime) => {
      const wanted = checkOwner(textOf(owner));
      const own = [...locksOn(textOf(resource), runtime)].filter(
        (lock) => lock.sessionId === runtime.session.id && lock.owner === wanted,
      );
      const held = own.map((lock) => lock.mode);
      // An intent to write beside a shared lock makes both.
      if (held.includes('S') && held.includes('IX') && !held.includes('X') && !held.includes('U'))
        return 'SharedIntentExclusive';
      const strongest = held.sort((a, b) => strength.indexOf(b) - strength.indexOf(a))[0];
      return strongest === undefined ? 'NoLock' : (modes[strongest] ?? strongest);
    },
  ),
  metadataFunction(
    'APPLOCK_TEST',
    [NAME, TEXT, NAME, NAME],
    SMALLINT,
    ([, resource, mode, owner], runtime) => {
      checkOwner(textOf(owner));
      const allowed = compatible[textOf(mode).toUpperCase()];
      if (allowed === undefined) return null;
      const others = [...locksOn(textOf(resource), runtime)].filter(
        (lock) => lock.sessionId !== runtime.session.id,
      );
      return flag(others.every((lock) => allowed.includes(lock.mode)));
    },
  ),
];
