import { ExpectedError } from '../../core/errors.ts';
import type { ConflictSides } from '../../core/sync/conflicts/index.ts';
import type { SyncInput } from '../../core/sync/index.ts';

/**
 * Signs in to both databases for as long as `work` takes; a side that is out of reach is left out and told through
 * `hearAway`. Throws what the register's own database was refused with when neither can be reached.
 */
export async function withConflictSides<Result>(
  input: SyncInput,
  signal: AbortSignal,
  hearAway: (failure: ExpectedError) => void,
  work: (sides: ConflictSides) => Promise<Result>,
): Promise<Result> {
  const sides = ['store', 'offline'] as const;
  const [store, offline] = await Promise.allSettled(
    sides.map((side) => input.servers.connect(input[side], signal)),
  );
  const opened = [store, offline].flatMap((each) => (each?.status === 'fulfilled' ? [each.value] : []));
  try {
    for (const each of [store, offline]) {
      if (each?.status !== 'rejected') continue;
      if (opened.length === 0 || !(each.reason instanceof ExpectedError)) throw each.reason;
      hearAway(each.reason);
    }
    return await work({
      store: store?.status === 'fulfilled' ? store.value : undefined,
      offline: offline?.status === 'fulfilled' ? offline.value : undefined,
    });
  } finally {
    await Promise.all(opened.map((session) => session.close()));
  }
}
