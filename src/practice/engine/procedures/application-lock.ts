/** sp_getapplock and sp_releaseapplock. https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-getapplock-transact-sql */

import { SqlError } from '../extension.ts';
import { Cancelled, LockWait } from '../rows/locks.ts';
import type { ApplicationMode, LockOwner } from '../run/application-locks.ts';
import type { Run } from '../run/run.ts';
import type { Argument } from './execute.ts';

const modes: Readonly<Record<string, ApplicationMode>> = {
  shared: 'Shared',
  update: 'Update',
  exclusive: 'Exclusive',
  intentshared: 'IntentShared',
  intentexclusive: 'IntentExclusive',
};

/** The argument of that name, or at that place when it has none. */
const pick = (args: readonly Argument[], name: string, place: number): Argument | undefined => {
  const named = args.find((argument) => argument.name?.toLowerCase() === name);
  return named ?? (args[place]?.name === undefined ? args[place] : undefined);
};

const textOf = (argument: Argument | undefined): string | undefined =>
  argument === undefined || argument.isDefault || argument.value === null
    ? undefined
    : String(argument.value);

const resourceOf = (argument: Argument | undefined, procedure: string): string => {
  if (argument === undefined) {
    throw new SqlError(
      201,
      `Procedure or function '${procedure}' expects parameter '@Resource', which was not supplied.`,
      16,
      4,
    );
  }
  return (textOf(argument) ?? '').slice(0, 255);
};

/** Session or transaction as owner; undefined: the transaction is the owner, but there is none. */
const ownerOf = (run: Run, argument: Argument | undefined): LockOwner | undefined | 'invalid' => {
  const word = (textOf(argument) ?? 'transaction').toLowerCase();
  const { connection } = run;
  if (word === 'session') return connection.state;
  if (word !== 'transaction') return 'invalid';
  return connection.state.transactionCount > 0 ? connection.transaction : undefined;
};

/** 0 granted, 1 granted after waiting, -1 timeout, -2 cancelled, -3 deadlock victim, -999 wrong arguments. */
export const getApplicationLock = async (run: Run, args: readonly Argument[]): Promise<number> => {
  const { connection, signal } = run;
  const { state, instance } = connection;
  const resource = resourceOf(pick(args, '@resource', 0), 'sp_getapplock');
  const modeText = textOf(pick(args, '@lockmode', 1));
  const mode = modes[(modeText ?? '').toLowerCase()];
  const owner = ownerOf(run, pick(args, '@lockowner', 2));
  const timeoutArgument = pick(args, '@locktimeout', 3);
  const timeout =
    timeoutArgument === undefined || timeoutArgument.value === null
      ? state.lockTimeout
      : Number(timeoutArgument.value);
  if (mode === undefined || owner === 'invalid' || resource === '' || timeout < -1) return -999;
  // A transaction that does not exist cannot own anything.
  if (owner === undefined) return -999;
  let status = 0;
  const deadline = timeout > 0 ? performance.now() + timeout : undefined;
  for (;;) {
    try {
      instance.applicationLocks.take(state.database.id, resource, mode, owner, state);
      return status;
    } catch (problem) {
      if (!(problem instanceof LockWait)) throw problem;
      status = 1;
      const left = deadline === undefined ? timeout : Math.max(0, deadline - performance.now());
      try {
        await instance.locks.wait(state, problem, left, signal);
      } catch (refusal) {
        if (refusal instanceof Cancelled) throw refusal;
        if (refusal instanceof SqlError && refusal.number === 1222) return -1;
        if (refusal instanceof SqlError && refusal.number === 1205) return -3;
        throw refusal;
      }
    }
  }
};

export const releaseApplicationLock = async (run: Run, args: readonly Argument[]): Promise<number> => {
  const { state, instance } = run.connection;
  const resource = resourceOf(pick(args, '@resource', 0), 'sp_releaseapplock');
  const owner = ownerOf(run, pick(args, '@lockowner', 1));
  if (owner === 'invalid') return -999;
  if (owner === undefined || !instance.applicationLocks.release(state.database.id, resource, owner)) {
    throw new SqlError(
      1223,
      `Cannot release the application lock (Database Principal: 'public', Resource: '${resource}') because it is not currently held.`,
    );
  }
  instance.locks.released(state);
  return 0;
};
