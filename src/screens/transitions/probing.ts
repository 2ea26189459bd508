import type { ProbeEvent } from '../../core/sql/probe.ts';
import { testFocus } from '../items.ts';
import { stepOf } from '../page-order.ts';
import type { Failure } from '../state/failure.ts';
import type { StepAction } from '../state/step.ts';
import { certificateOf } from '../trust.ts';
import type { WizardState } from '../wizard.ts';
import { beginPlan } from './planning.ts';
import { problemsOfPage } from './problems.ts';
import { asking, settled, type Transition } from './transition.ts';

/** Starts the connection test of the page; with a problem in its answers the problem is shown instead. */
export function beginProbe(state: WizardState): Transition {
  const step = stepOf(state);
  if (step?.connection === undefined) return settled(state);
  const problems = problemsOfPage(step, state.draft);
  const [first] = problems;
  if (first !== undefined) return settled({ ...state, problems, focus: first.key });
  const id = state.serial;
  return asking(
    {
      ...state,
      serial: id + 1,
      focus: testFocus,
      problems: [],
      probe: { id, section: step.connection, isWorking: true, since: state.now, lines: [] },
    },
    { kind: 'start-probe', id, section: step.connection, draft: state.draft },
  );
}

export function takeProbeEvent(
  state: WizardState,
  { id, event }: Extract<StepAction, { kind: 'probe-event' }>,
): Transition {
  const { probe } = state;
  if (probe?.id !== id) return settled(state);
  return settled({ ...state, probe: { ...probe, lines: withLine(probe.lines, event) } });
}

export function endProbe(
  state: WizardState,
  { id, failure }: Extract<StepAction, { kind: 'probe-ended' }>,
): Transition {
  const { probe } = state;
  if (probe?.id !== id) return settled(state);
  const lines = failure === undefined ? probe.lines : withLine(probe.lines, failedLine(failure));
  return settled({ ...state, probe: { ...probe, isWorking: false, lines } });
}

/** Accepts the certificate that stopped the test or the plan; the host answers `certificate-kept`. */
export function trustCertificate(state: WizardState): Transition {
  const certificate = certificateOf(state);
  return certificate === undefined
    ? settled(state)
    : asking(state, { kind: 'keep-certificate', certificate });
}

/** The same again, now that the certificate is known. */
export function takeUpAfterTrust(state: WizardState): Transition {
  return state.page === 'review' ? beginPlan(state) : beginProbe(state);
}

/** A layer has one line: 'working' is replaced by its outcome. Findings of one layer have labels of their own. */
function withLine(lines: readonly ProbeEvent[], event: ProbeEvent): readonly ProbeEvent[] {
  const last = lines.at(-1);
  const kept = last?.status === 'working' ? lines.slice(0, -1) : lines;
  return [...kept, event];
}

function failedLine({ message, hint }: Failure): ProbeEvent {
  return { layer: 'name', label: 'Test', status: 'failed', message, hint };
}
