import { fold } from '../../plan/detect/ask.ts';
import { deployerResource, lockHolder } from '../../plan/lock.ts';
import type { Finding } from '../../plan/plan.ts';
import { quoteName, quoteString } from '../../sql/identifiers.ts';
import type { Control, SideLink } from './side-link.ts';

/**
 * Who keeps whom away. At the register, a cycle holds the very lock of the deployer, so that two services, a cycle by
 * hand and a set-up exclude each other. At the store, a cycle holds a lock of its replica's (two computers with one
 * identity), and the deployer's lock, shared, while it reads where it stands and while it writes rows: not during a
 * download, which may take an hour and must not keep the next register's set-up out.
 */
export const replicaResource = (replicaId: string): string => `storedb:sync:${fold(replicaId)}`;

/** Declares `@setUp`: 0 and above = the deployer's lock of this database is held by the session. */
export function takeDeployers(
  { abilities }: Control,
  { database }: SideLink,
  mode: 'Exclusive' | 'Shared',
): string {
  return inMaster(
    abilities.reachesMaster,
    database,
    `EXEC @setUp = sp_getapplock @Resource = ${quoteString(deployerResource(database))}, @LockMode = '${mode}', @LockOwner = 'Session', @LockTimeout = 0;`,
    'DECLARE @setUp int;',
  );
}

export const releaseDeployers = ({ abilities }: Control, { database }: SideLink): string =>
  inMaster(
    abilities.reachesMaster,
    database,
    `EXEC sp_releaseapplock @Resource = ${quoteString(deployerResource(database))}, @LockOwner = 'Session';`,
  );

/** Where master cannot be reached, the lock is one of the database: cycles exclude each other, a set-up does not. */
function inMaster(reachesMaster: boolean, database: string, text: string, declarations = ''): string {
  return reachesMaster
    ? `${declarations} USE [master]; ${text} USE ${quoteName(database)};`
    : `${declarations} ${text}`;
}

/** Sets `@own`. */
export const takeReplicas = (replicaId: string): string =>
  `EXEC @own = sp_getapplock @Resource = ${quoteString(replicaResource(replicaId))}, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0;`;

export const releaseReplicas = (replicaId: string): string =>
  `EXEC sp_releaseapplock @Resource = ${quoteString(replicaResource(replicaId))}, @LockOwner = 'Session';`;

/** Who holds a lock that was not given, in words. */
export async function busyFinding(
  { session }: Control,
  what: 'register' | 'store-set-up' | 'replica',
  resource: string,
  signal: AbortSignal,
): Promise<Finding> {
  const who = (await lockHolder(session, resource, signal)) ?? 'Somebody else';
  if (what === 'store-set-up')
    return {
      code: 'set-up-running',
      message: `${who} is setting up the store database at this moment.`,
      hint: 'Nothing to do: the register synchronises when that has ended.',
    };
  if (what === 'replica')
    return {
      code: 'sync-elsewhere',
      message: `${who} is synchronising under the identity of this register at this moment.`,
      hint: 'If it is another computer, two of them use copies of one offline database: set one of them up anew.',
    };
  return {
    code: 'sync-busy',
    message: `${who} is at work on this register's offline database at this moment.`,
    hint: 'Nothing to do if that is the sync service or a set-up; else wait until it has ended.',
  };
}
