/** The locks of sp_getapplock: names that sessions or transactions own. */

import { createHash } from 'node:crypto';
import type { LockRow, SessionState } from '../model.ts';
import { LockWait } from '../rows/locks.ts';
import type { Transaction } from '../rows/transaction.ts';

export type ApplicationMode = 'Shared' | 'Update' | 'Exclusive' | 'IntentShared' | 'IntentExclusive';

const compatible: Readonly<Record<ApplicationMode, readonly ApplicationMode[]>> = {
  IntentShared: ['IntentShared', 'Shared', 'Update', 'IntentExclusive'],
  Shared: ['IntentShared', 'Shared', 'Update'],
  Update: ['IntentShared', 'Shared'],
  IntentExclusive: ['IntentShared', 'IntentExclusive'],
  Exclusive: [],
};
const shortModes: Readonly<Record<ApplicationMode, string>> = {
  Shared: 'S',
  Update: 'U',
  Exclusive: 'X',
  IntentShared: 'IS',
  IntentExclusive: 'IX',
};

/** A session or a transaction; the session is who others wait for. */
export type LockOwner = Transaction | SessionState;

type Held = {
  readonly owner: LockOwner;
  readonly session: SessionState;
  readonly mode: ApplicationMode;
  /** The same lock taken several times is released as often. */
  count: number;
};

type Resource = { readonly databaseId: number; readonly name: string; readonly held: Held[] };

export class ApplicationLocks {
  private readonly resources = new Map<string, Resource>();

  /** Takes the lock or throws LockWait. */
  take(
    databaseId: number,
    name: string,
    mode: ApplicationMode,
    owner: LockOwner,
    session: SessionState,
  ): void {
    const key = `${databaseId}:${name}`;
    const resource = this.resources.get(key) ?? { databaseId, name, held: [] };
    const blockers = resource.held
      .filter((held) => held.session !== session && !compatible[mode].includes(held.mode))
      .map((held) => held.session);
    if (blockers.length > 0) {
      throw new LockWait(
        blockers,
        { resource: 'APPLICATION', objectId: 0, databaseId, description: applicationResource(name) },
        shortModes[mode],
      );
    }
    const own = resource.held.find((held) => held.owner === owner && held.mode === mode);
    if (own !== undefined) own.count += 1;
    else resource.held.push({ owner, session, mode, count: 1 });
    this.resources.set(key, resource);
  }

  /** Gives one hold back; false when the owner has none. */
  release(databaseId: number, name: string, owner: LockOwner): boolean {
    const key = `${databaseId}:${name}`;
    const resource = this.resources.get(key);
    const own = resource?.held.findLast((held) => held.owner === owner);
    if (resource === undefined || own === undefined) return false;
    own.count -= 1;
    if (own.count === 0) resource.held.splice(resource.held.indexOf(own), 1);
    if (resource.held.length === 0) this.resources.delete(key);
    return true;
  }

  releaseTransaction(transaction: Transaction): void {
    this.releaseAll((held) => held.owner === transaction);
  }

  releaseSession(session: SessionState): void {
    this.releaseAll((held) => held.session === session);
  }

  private releaseAll(isGone: (held: Held) => boolean): void {
    for (const [key, resource] of this.resources) {
      for (let i = resource.held.length - 1; i >= 0; i--) {
        const held = resource.held[i];
        if (held !== undefined && isGone(held)) resource.held.splice(i, 1);
      }
      if (resource.held.length === 0) this.resources.delete(key);
    }
  }

  *rows(): Generator<LockRow, void> {
    for (const { databaseId, name, held } of this.resources.values()) {
      for (const lock of held) {
        yield {
          sessionId: lock.session.id,
          databaseId,
          resource: 'APPLICATION',
          objectId: 0,
          description: applicationResource(name),
          mode: shortModes[lock.mode],
          status: 'GRANT',
          owner: lock.owner === lock.session ? 'SESSION' : 'TRANSACTION',
        };
      }
    }
  }
}

/** As sys.dm_tran_locks shows it: database principal, up to 32 characters of the name, a hash. */
export const applicationResource = (name: string): string => {
  const hash = createHash('sha1').update(name).digest('hex').slice(0, 8);
  return `0:[${name.slice(0, 32)}]:(${hash})`;
};
