import { findLocalInstances } from '../../core/sql/local-instances.ts';
import type { PinStore } from '../../core/sql/pins.ts';
import type { Draft } from '../../core/steps/index.ts';
import type { StepEffect } from '../../screens/index.ts';
import { findIdentities, storeDraft } from '../find-identities.ts';
import type { SavedDraft } from '../memory.ts';
import { probeDatabase } from '../probe-database.ts';
import { profileLines } from '../profile-lines.ts';
import { savedDraft } from '../wizard-memory.ts';
import type { EffectHost, HostPorts } from './effect-host.ts';
import { newestWork } from './newest-work.ts';

type Effect = Exclude<StepEffect, { kind: 'start-practice' }>;

/** What the pages of questions ask of the outside. */
export function createStepHost({
  dispatch,
  answersOf,
  pins,
  keep,
}: HostPorts & {
  readonly pins: PinStore;
  readonly keep: (draft: SavedDraft) => void;
}): EffectHost<Effect> {
  const probe = newestWork();
  const asking = newestWork();
  const ending = new AbortController();

  const startProbe = ({ id, section, draft }: Extract<Effect, { kind: 'start-probe' }>) =>
    probe.begin(
      async (signal) => {
        for await (const event of probeDatabase(answersOf, section, draft, signal))
          dispatch({ kind: 'probe-event', id, event });
        dispatch({ kind: 'probe-ended', id });
      },
      (failure) => dispatch({ kind: 'probe-ended', id, failure }),
    );

  const askIdentities = ({ id, draft }: Extract<Effect, { kind: 'find-identities' }>) =>
    asking.begin(
      async (signal) => {
        const identities = await findIdentities(answersOf(storeDraft(draft)), signal);
        dispatch({ kind: 'identities-found', id, identities });
      },
      (failure) => dispatch({ kind: 'identities-unknown', id, failure }),
    );

  async function readProfile(draft: Draft): Promise<void> {
    const lines = await profileLines(answersOf(storeDraft(draft)), draft, ending.signal);
    dispatch({ kind: 'profile-read', lines });
  }

  async function findServers(): Promise<void> {
    const found = await findLocalInstances();
    const servers = found.filter((each) => each.isTcpEnabled).map((each) => each.server);
    dispatch({ kind: 'servers-found', servers });
  }

  return {
    carryOut: (effect) => {
      switch (effect.kind) {
        case 'find-servers':
          return findServers();
        case 'start-probe':
          return startProbe(effect);
        case 'stop-probe':
          return probe.end();
        case 'keep-certificate':
          return pins
            .keep(effect.certificate.serverKey, effect.certificate.fingerprint)
            .then(() => dispatch({ kind: 'certificate-kept' }));
        case 'find-identities':
          return askIdentities(effect);
        case 'read-profile':
          return readProfile(effect.draft);
        case 'save-draft':
          return keep(savedDraft(effect));
      }
    },
    end: () => {
      probe.end();
      asking.end();
      ending.abort();
    },
  };
}
