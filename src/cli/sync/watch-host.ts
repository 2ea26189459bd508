import { hostname } from 'node:os';
import {
  acceptConflicts,
  listConflicts,
  retryConflicts,
  showConflict,
} from '../../core/sync/conflicts/index.ts';
import type { SyncInput } from '../../core/sync/index.ts';
import type { Action, MonitorEffect } from '../../screens/index.ts';
import { failureOf } from '../wizard-failure.ts';
import { withConflictSides } from './conflict-sides.ts';
import { looksAtSync } from './looks.ts';

type ParkedEffect = Exclude<MonitorEffect, { kind: 'watch-sync' | 'unwatch-sync' }>;

export type WatchHost = {
  /** Begins the effect; it reports with actions. Rejects with what kept it from being carried out. */
  readonly carryOut: (effect: MonitorEffect) => Promise<void>;
  /** Ends what is still at work. */
  readonly end: () => Promise<void>;
};

/** Carries out what the monitor asks of the outside. `inputOf` says which register the effect is about. */
export function createWatchHost(ports: {
  readonly dispatch: (action: Action) => void;
  readonly inputOf: (effect: Exclude<MonitorEffect, { kind: 'unwatch-sync' }>) => Promise<SyncInput>;
}): WatchHost {
  const { dispatch, inputOf } = ports;
  let watching = new AbortController();
  let looking: Promise<void> = Promise.resolve();
  const ending = new AbortController();

  async function look(
    effect: Extract<MonitorEffect, { kind: 'watch-sync' }>,
    signal: AbortSignal,
  ): Promise<void> {
    const { id } = effect;
    for await (const found of looksAtSync(await inputOf(effect), signal))
      dispatch(
        found.kind === 'read'
          ? { kind: 'status-read', id, status: found.status }
          : { kind: 'status-unknown', id, failure: failureOf(found.error) },
      );
  }

  async function start(effect: Extract<MonitorEffect, { kind: 'watch-sync' }>): Promise<void> {
    watching.abort();
    watching = new AbortController();
    const { signal } = watching;
    looking = look(effect, signal).catch((error: unknown) =>
      dispatch({ kind: 'status-unknown', id: effect.id, failure: failureOf(error) }),
    );
    await looking;
  }

  async function settle(effect: ParkedEffect): Promise<void> {
    const { signal } = ending;
    const input = await inputOf(effect);
    const say = ({ message }: Error) => dispatch({ kind: 'show-message', message });
    await withConflictSides(input, signal, say, async (sides) => {
      const { id } = effect;
      switch (effect.kind) {
        case 'list-parked':
          return dispatch({ kind: 'parked-listed', id, rows: await listConflicts(sides, signal) });
        case 'show-parked':
          return dispatch({
            kind: 'parked-shown',
            id,
            detail: await showConflict(sides, effect.conflict, signal),
          });
        case 'retry-parked':
          await retryConflicts(sides, [effect.conflict], signal);
          return dispatch({
            kind: 'parked-settled',
            id,
            message: `The next run tries ${effect.conflict} again.`,
          });
        case 'accept-parked':
          await acceptConflicts(sides, [effect.conflict], `the monitor on ${hostname()}`, signal);
          return dispatch({
            kind: 'parked-settled',
            id,
            message: `${effect.conflict} is given up: the ${effect.conflict.startsWith('S') ? 'store' : 'register'} keeps what it has.`,
          });
      }
    });
  }

  return {
    carryOut: async (effect) => {
      if (effect.kind === 'watch-sync') await start(effect);
      else if (effect.kind === 'unwatch-sync') watching.abort();
      else await settle(effect);
    },
    end: async () => {
      watching.abort();
      ending.abort();
      await looking;
    },
  };
}
