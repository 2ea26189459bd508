import type { InitialDataEffect } from '../../screens/index.ts';
import { loadFoundPack, watchInitialData } from '../distribute/arriving-data.ts';
import type { PackLoad } from '../wizard-closing.ts';
import { failureOf } from '../wizard-failure.ts';
import type { EffectHost, HostPorts } from './effect-host.ts';

/** Watches the initial data come, and loads a pack while somebody waits for it. */
export function createInitialDataHost({
  dispatch,
  answersOf,
  logDir,
  warn,
  onPackLoad,
}: HostPorts & {
  readonly logDir: string | undefined;
  readonly warn: (text: string) => void;
  readonly onPackLoad: (load: PackLoad) => void;
}): EffectHost<InitialDataEffect> {
  let waiting = new AbortController();
  let loading: Promise<void> = Promise.resolve();

  async function watch({ id, draft }: Extract<InitialDataEffect, { kind: 'watch-initial-data' }>) {
    waiting.abort();
    waiting = new AbortController();
    await watchInitialData(
      answersOf(draft),
      {
        packs: (packs) => dispatch({ kind: 'packs-found', id, packs }),
        jobs: (jobs, isComplete) => dispatch({ kind: 'initial-data-read', id, jobs, isComplete }),
        failed: (failure) => dispatch({ kind: 'initial-data-unread', id, failure }),
      },
      waiting.signal,
    );
  }

  async function loadPack({ id, path, draft }: Extract<InitialDataEffect, { kind: 'load-pack' }>) {
    const progress = (words: string) => dispatch({ kind: 'pack-progress', id, words });
    const options = { logDir, warn, progress };
    const failure = await loadFoundPack(answersOf(draft), path, options, waiting.signal).catch(failureOf);
    onPackLoad({ path, failure });
    dispatch({ kind: 'pack-loaded', id, failure });
  }

  return {
    carryOut: (effect) => {
      switch (effect.kind) {
        case 'watch-initial-data':
          return watch(effect);
        case 'load-pack':
          loading = loadPack(effect);
          return loading;
        case 'stop-watching':
          return waiting.abort();
      }
    },
    end: async () => {
      waiting.abort();
      // What is at work ends at a safe place; how is still to be said. Its fault was shown already.
      await loading.catch(() => undefined);
    },
  };
}
