import {
  openSync,
  readSyncStatus,
  type SyncInput,
  type SyncLink,
  type SyncStatus,
} from '../../core/sync/index.ts';

/** Milliseconds between two looks. */
const pause = 2000;

/** What one look at the synchronisation found, or why it found nothing. */
export type Look =
  | { readonly kind: 'read'; readonly status: SyncStatus }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Looks at the synchronisation every two seconds until the signal is aborted; a look that failed is not the last. */
export async function* looksAtSync(input: SyncInput, signal: AbortSignal): AsyncGenerator<Look, void> {
  try {
    const link = await openSync(input, signal);
    try {
      for (;;) {
        const look = await lookOnce(link, signal);
        if (signal.aborted) return;
        yield look;
        await input.clock.sleep(pause, signal);
      }
    } finally {
      await link.close();
    }
  } catch (error) {
    // Being ended is the end that it has.
    if (!signal.aborted) throw error;
  }
}

async function lookOnce(link: SyncLink, signal: AbortSignal): Promise<Look> {
  try {
    return { kind: 'read', status: await readSyncStatus(link, signal) };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** Tells whether a look shows a person anything new. */
export function statusNews(): (status: SyncStatus) => boolean {
  let told = '';
  return (status) => {
    const substance = JSON.stringify(substanceOf(status));
    const isNew = substance !== told;
    told = substance;
    return isNew;
  };
}

/** What makes two looks different for a person: not the times of runs in which nothing happened. */
function substanceOf({ store, offline, scopes, parked, findings, lastError }: SyncStatus): unknown {
  return {
    sides: [store.isReachable, offline.isReachable],
    scopes: scopes.map(({ scope, loading, lastRun, waiting, parked: open }) => ({
      scope,
      loading,
      waiting,
      open,
      run: lastRun && [lastRun.outcome, lastRun.downloaded, lastRun.uploaded, lastRun.message],
    })),
    parked,
    findings,
    lastError,
  };
}
