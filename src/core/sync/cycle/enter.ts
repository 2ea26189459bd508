import { ExpectedError } from '../../errors.ts';
import { deployerResource } from '../../plan/lock.ts';
import type { Finding } from '../../plan/plan.ts';
import { SqlFailure } from '../../sql/failures.ts';
import { quoteString } from '../../sql/identifiers.ts';
import type { Rules } from '../rules.ts';
import type { SyncLink } from './link.ts';
import {
  busyFinding,
  releaseDeployers,
  releaseReplicas,
  replicaResource,
  takeDeployers,
  takeReplicas,
} from './locks.ts';
import { readSideText } from './read-side.ts';
import { type SideFound, sideFound } from './side-found.ts';
import type { Control, SideLink } from './side-link.ts';

/** One side in a cycle: its lock is held by the control session, and this is what it says of itself. */
export type Seat = { readonly side: SideLink; readonly control: Control; readonly found: SideFound };

type Entered = { readonly seat: Seat } | { readonly busy: Finding };

/** Takes the register's lock and reads what its database says, in one trip. Throws as the server fails. */
export async function enterRegister(
  { sides, input }: SyncLink,
  rules: Rules,
  signal: AbortSignal,
): Promise<Entered> {
  const side = sides.offline;
  const control = await side.control(signal);
  const text = `SET NOCOUNT ON;
${takeDeployers(control, side, 'Exclusive')}
SELECT @setUp AS [lock];
IF @setUp < 0 RETURN;
${readSideText(control.abilities, `Kind = N'store' AND RetiredUtc IS NULL`, rules)}`;
  const [lock, ...sets] = await asked(side, control, text, input.ids.registerId, signal);
  if (isHeld(lock, 'lock')) return { seat: { side, control, found: sideFound(sets) } };
  return { busy: await busyFinding(control, 'register', deployerResource(side.database), signal) };
}

/** The same at the store, under the lock of this replica; a set-up of the store is waited out. */
export async function enterStore(
  { sides, input }: SyncLink,
  replicaId: string,
  rules: Rules,
  signal: AbortSignal,
): Promise<Entered> {
  const side = sides.store;
  const control = await side.control(signal);
  const release = releaseDeployers(control, side);
  const text = `SET NOCOUNT ON;
DECLARE @own int; SET @own = -1;
${takeDeployers(control, side, 'Shared')}
IF @setUp >= 0 BEGIN ${takeReplicas(replicaId)} END;
SELECT @setUp AS setUp, @own AS own;
IF @setUp >= 0 AND @own < 0 BEGIN ${release} END;
IF @own < 0 RETURN;
${readSideText(control.abilities, `ReplicaId = CAST(${quoteString(replicaId)} AS uniqueidentifier)`, rules)}
${release}`;
  const [locks, ...sets] = await asked(side, control, text, input.ids.registerId, signal);
  if (!isHeld(locks, 'setUp'))
    return { busy: await busyFinding(control, 'store-set-up', deployerResource(side.database), signal) };
  if (!isHeld(locks, 'own'))
    return { busy: await busyFinding(control, 'replica', replicaResource(replicaId), signal) };
  return { seat: { side, control, found: sideFound(sets) } };
}

/** Gives the locks back; where that fails, the session that holds them is ended. */
export async function leave(seat: Seat, replicaId: string, signal: AbortSignal): Promise<void> {
  const { side, control } = seat;
  try {
    const text = side.side === 'offline' ? releaseDeployers(control, side) : releaseReplicas(replicaId);
    await control.session.query(text, {}, signal);
    await side.rest();
  } catch {
    await side.drop();
  }
}

async function asked(
  side: SideLink,
  { session }: Control,
  text: string,
  registerId: string,
  signal: AbortSignal,
) {
  try {
    return await session.queries(text, { registerId }, signal);
  } catch (error) {
    // It may hold a lock already.
    await side.drop();
    // 208 = no such table: the records of the synchronisation are not there.
    if (error instanceof SqlFailure && error.number === 208) throw notProvisioned(side);
    throw error;
  }
}

const isHeld = (rows: readonly Readonly<Record<string, unknown>>[] | undefined, column: string): boolean =>
  Number(rows?.[0]?.[column]) >= 0;

export const notProvisioned = ({ side, database }: SideLink): ExpectedError =>
  new ExpectedError({
    code: 'not-provisioned',
    exit: 'prerequisite',
    message: `The ${side} database ${database} is not set up for the synchronisation.`,
    hint: 'Run storedb apply on this register.',
  });
