import type { VerificationAction } from '../state/verification.ts';
import type { WizardState } from '../wizard.ts';
import { asking, settled, type Transition } from './transition.ts';

/** Looks whether the set-up of these answers works, and shows it over the page. */
export function beginVerification(state: WizardState): Transition {
  const id = state.serial;
  return asking(
    {
      ...state,
      serial: id + 1,
      message: undefined,
      overlay: { kind: 'verification', scroll: 0 },
      verification: { id, since: state.now, checks: [] },
    },
    { kind: 'start-verify', id, draft: state.draft },
  );
}

export function takeVerifyEvent(
  state: WizardState,
  { id, event }: Extract<VerificationAction, { kind: 'verify-event' }>,
): Transition {
  const { verification } = state;
  if (verification?.id !== id) return settled(state);
  switch (event.kind) {
    case 'checking':
      return settled({ ...state, verification: { ...verification, checking: event.what } });
    case 'check': {
      const checks = [...verification.checks, event];
      return settled({ ...state, verification: { ...verification, checks } });
    }
    case 'verified':
      return settled({
        ...state,
        isVerified: true,
        verification: { ...verification, checking: undefined, verdict: event },
      });
  }
}

export function takeVerifyFailure(
  state: WizardState,
  { id, failure }: Extract<VerificationAction, { kind: 'verify-failed' }>,
): Transition {
  const { verification } = state;
  if (verification?.id !== id) return settled(state);
  return settled({ ...state, verification: { ...verification, checking: undefined, failure } });
}

/** Closing the list ends what is still being looked at. */
export function leaveVerification(state: WizardState): Transition {
  const left = { ...state, overlay: undefined, verification: undefined };
  const { verification } = state;
  const isWorking = verification?.verdict === undefined && verification?.failure === undefined;
  return isWorking ? asking(left, { kind: 'stop-verify' }) : settled(left);
}
