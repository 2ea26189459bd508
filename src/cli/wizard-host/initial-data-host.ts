import type { InitialDataEffect } from '../../screens/index.ts';
import { loadFoundPack, watchInitialData } from '../distribute/arriving-data.ts';
import { failureOf } from '../wizard-failure.ts';
import type { EffectHost, HostPorts } from './effect-host.ts';

/** Watches the initial data come, and loads a pack while somebody waits for it. */
export function createInitialDataHost({
  dispatch,
  answersOf,
  logDir,
  warn,
}: HostPorts & {
  readonly logDir: string | undefined;
  readonly warn: (text: string) => void;
}): EffectHost<InitialDataEffect> {
  let waiting = new AbortController();

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
    dispatch({ kind: 'pack-loaded', id, failure });
  }

  return {
    carryOut: (effect) => {
      switch (effect.kind) {
        case 'watch-initial-data':
          return watch(effect);
        case 'load-pack':
          return loadPack(effect);
        case 'stop-watching':
          return waiting.abort();
      }
    },
    end: () => waiting.abort(),
  };
}
