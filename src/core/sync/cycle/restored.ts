import type { Finding } from '../../plan/plan.ts';
import type { Rules } from '../rules.ts';
import type { Seat } from './enter.ts';
import type { Identity } from './identity.ts';
import type { StoredAnchor } from './side-found.ts';
import { judgeTokens, type Ladder } from './tokens.ts';

/** Whether one of the two databases is not what it was when they last met, and which, where that can be told. */
type Pairing = {
  readonly ladder: Ladder;
  /** 'unknown' = the tokens differ: put back, or a copy. undefined = nothing of the kind. */
  readonly restored: 'store' | 'offline' | 'unknown' | undefined;
};

/**
 * A token that does not fit, or an anchor above everything that its source has given out: that source was put back and
 * its numbers begin again below what was already taken.
 */
export function judgePairing(register: Seat, store: Seat, rules: Rules): Pairing {
  const ladder = judgeTokens(register.found.pair, store.found.pair);
  const isAbove = (anchors: ReadonlyMap<string, StoredAnchor>, source: Seat) =>
    [...anchors.values()].some(
      ({ timestamp, state }) => state !== 'restored' && timestamp > source.found.upper,
    );
  if (isAbove(register.found.anchors, store)) return { ladder, restored: 'store' };
  if (isAbove(store.found.anchors, register)) return { ladder, restored: 'offline' };
  return { ladder, restored: ladder === 'torn' && rules.comparesTokens ? 'unknown' : undefined };
}

/** As `distrustAnchors` has left them. */
export const distrusted = (anchors: Seat['found']['anchors']): Seat['found']['anchors'] =>
  new Map([...anchors].map(([name, anchor]) => [name, { ...anchor, state: 'restored' }]));

export function restoredFinding(
  { register }: Identity,
  restored: NonNullable<Pairing['restored']>,
  host: string,
): Finding {
  const what = {
    store: 'The store database was restored from a backup',
    offline: `The offline database of register ${register.registerId} was restored from a backup`,
    unknown: `The store database or the offline database of register ${register.registerId} was restored from a backup, or another computer works with a copy of this offline database`,
  }[restored];
  return {
    code: 'restored',
    message: `${what}: all tables are compared as a whole now, and nothing that differs in the store is overwritten.`,
    hint: `Nothing to do when that happens once. If it comes again, find the other computer: this one is ${host}, the register was set up on ${register.machine}.`,
  };
}
