import type { Certificate } from './state/failure.ts';
import type { WizardState } from './wizard.ts';

/** The certificate that the technician could accept now: that of the last test, or of a plan that failed for it. */
export function certificateOf(
  state: Pick<WizardState, 'page' | 'probe' | 'planning'>,
): Certificate | undefined {
  if (state.page === 'review') {
    return state.planning?.status === 'failed' ? state.planning.failure.certificate : undefined;
  }
  const line = state.probe?.lines.find((each) => each.status === 'failed');
  return certificateIn(line?.details);
}

/** The certificate that the details of a failure tell of. */
export function certificateIn(
  details: Readonly<Record<string, string | number>> | undefined,
): Certificate | undefined {
  const { fingerprint, serverKey } = details ?? {};
  return typeof fingerprint === 'string' && typeof serverKey === 'string'
    ? { fingerprint, serverKey }
    : undefined;
}
