import { verify } from '../../core/verify/verify.ts';
import type { VerificationEffect } from '../../screens/index.ts';
import { setUp } from '../set-up.ts';
import type { EffectHost, HostPorts } from './effect-host.ts';
import { newestWork } from './newest-work.ts';

/** Looks whether a set-up works. */
export function createVerificationHost({ dispatch, answersOf }: HostPorts): EffectHost<VerificationEffect> {
  const verification = newestWork();

  const start = ({ id, draft }: Extract<VerificationEffect, { kind: 'start-verify' }>) =>
    verification.begin(
      async (signal) => {
        const used = answersOf(draft);
        const events = verify(await setUp(used.answers, used.secrets, used.pins), signal);
        for await (const event of events) dispatch({ kind: 'verify-event', id, event });
      },
      (failure) => dispatch({ kind: 'verify-failed', id, failure }),
    );

  return {
    carryOut: (effect) => (effect.kind === 'start-verify' ? start(effect) : verification.end()),
    end: verification.end,
  };
}
