import { randomUUID } from 'node:crypto';
import { anchorTable, pairTable } from '../../offline/tracking/names.ts';
import type { SqlSession } from '../../sql/session.ts';

/** What a side keeps of the pair (storedb.Pair). GUIDs in upper case. */
export type PairTokens = {
  readonly epoch: number;
  readonly current: string | undefined;
  /** Of the register only: one that the store may have taken already. */
  readonly next: string | undefined;
};

/**
 * 'fresh' = the two have never moved anything; 'sound' = each knows the other as it left it; 'unconfirmed' = a cycle
 * ended after the store had taken the next token; 'torn' = one of the two is not what it was.
 */
export type Ladder = 'fresh' | 'sound' | 'unconfirmed' | 'torn';

/**
 * Before rows move, the register writes a next token, the store takes it as its current one, then the register does.
 * So a database that was put back to any moment before shows by its token. What was put back to a moment within the
 * present cycle does not, and need not: whatever moves in a cycle lies below the bounds that were read before its token
 * was made, so it is in such a backup, and nothing new can come to lie below it.
 */
export function judgeTokens(register: PairTokens | undefined, store: PairTokens | undefined): Ladder {
  const taken = store?.current;
  if (taken === undefined) return register?.current === undefined ? 'fresh' : 'torn';
  if (register?.current === taken) return 'sound';
  return register?.next === taken ? 'unconfirmed' : 'torn';
}

/** One side of the pair: its session, and the other's local id there. */
export type PairSide = { readonly session: SqlSession; readonly peerId: number };

/** Climbs one step. Killed anywhere in between, the next cycle finds it sound or unconfirmed, or as torn as it was. */
export async function climb(
  register: PairSide,
  store: PairSide,
  epoch: number,
  signal: AbortSignal,
): Promise<void> {
  const token = randomUUID().toUpperCase();
  await setTokens(register, `NextToken = '${token}'`, epoch, signal);
  await setTokens(store, `CurrentToken = '${token}', Epoch = ${epoch}`, epoch, signal);
  await confirm(register, epoch, signal);
}

/** The register takes the token that the store has. */
export const confirm = (register: PairSide, epoch: number, signal: AbortSignal): Promise<void> =>
  setTokens(register, `CurrentToken = NextToken, NextToken = NULL, Epoch = ${epoch}`, epoch, signal);

async function setTokens(
  { session, peerId }: PairSide,
  set: string,
  epoch: number,
  signal: AbortSignal,
): Promise<void> {
  await session.query(
    `INSERT INTO ${pairTable} (PeerId, Epoch) SELECT ${peerId}, ${epoch}
WHERE NOT EXISTS (SELECT 1 FROM ${pairTable} WHERE PeerId = ${peerId});
UPDATE ${pairTable} SET ${set}, LastSeenUtc = GETUTCDATE() WHERE PeerId = ${peerId};`,
    {},
    signal,
  );
}

/** All anchors of the pair lead to whole comparisons from now on, which overwrite nothing at the store. */
export async function distrustAnchors({ session, peerId }: PairSide, signal: AbortSignal): Promise<void> {
  await session.query(
    `UPDATE ${anchorTable} SET State = 'restored', ResumeKey = NULL, UpdatedUtc = GETUTCDATE() WHERE PeerId = ${peerId}`,
    {},
    signal,
  );
}
