import { ExpectedError } from '../../errors.ts';
import type { TableShape } from '../../offline/tables/table-shape.ts';
import { SqlFailure } from '../../sql/failures.ts';
import type { SyncInput } from '../sync-input.ts';
import type { RowVersion } from '../window/enumerate.ts';
import type { SyncScope } from './scopes.ts';
import { createSideLink, type SideLink, type SyncSide } from './side-link.ts';

/** The open sessions of a register and its store, and what is remembered of them from cycle to cycle. */
export type SyncLink = {
  readonly input: SyncInput;
  readonly sides: { readonly [Side in SyncSide]: SideLink };
  /** Inside the synchronisation only. */
  readonly memory: LinkMemory;
  close(): Promise<void>;
};

/** Nothing in it is needed to be right; it saves trips, and tells what lasts from what has just begun. */
export type LinkMemory = {
  readonly shapes: Map<
    SyncSide,
    { readonly stamp: string; readonly shapes: ReadonlyMap<string, TableShape> }
  >;
  /** Since when the bound of a side has stood still below changes; milliseconds of Clock.elapsed. */
  readonly stalled: Map<SyncSide, { readonly upper: bigint; readonly since: number }>;
  /** On engines that do not say what is committed: what the tracking of a table looked like when it was last compared. */
  readonly compared: Map<string, string>;
  /** How each scope stood when it was last written into the log, and when that was (Clock.elapsed). */
  readonly logged: Map<string, { readonly standing: string; readonly at: number }>;
  /** Codes of findings that are told once for a link. */
  readonly told: Set<string>;
  /** The register's scopes when it was last seen. */
  scopes: readonly SyncScope[];
  /** The register as the store knows it, since they met. */
  met: { readonly peerId: number; readonly registerId: string } | undefined;
  /** The register's bound when a scope was last brought up. */
  readonly broughtUp: Map<string, RowVersion>;
};

/**
 * Signs in to both sides at once. A side that cannot be reached is no failure yet: each cycle tries it again, and tells.
 * Throws the signal's reason when it is aborted.
 */
export async function openSync(input: SyncInput, signal: AbortSignal): Promise<SyncLink> {
  const sides = {
    store: createSideLink('store', input.servers, input.store),
    offline: createSideLink('offline', input.servers, input.offline),
  };
  const link: SyncLink = {
    input,
    sides,
    memory: {
      shapes: new Map(),
      stalled: new Map(),
      compared: new Map(),
      logged: new Map(),
      told: new Set(),
      scopes: [],
      met: undefined,
      broughtUp: new Map(),
    },
    async close() {
      await Promise.all([sides.store.close(), sides.offline.close()]);
    },
  };
  const opened = await Promise.allSettled([sides.store.control(signal), sides.offline.control(signal)]);
  for (const each of opened) {
    if (each.status === 'fulfilled' || isExpected(each.reason)) continue;
    await link.close();
    throw each.reason;
  }
  return link;
}

const isExpected = (error: unknown): boolean => error instanceof ExpectedError || error instanceof SqlFailure;
