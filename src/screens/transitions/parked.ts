import { chosenParked, type Monitor, type MonitorAction, type Parked } from '../state/monitor.ts';
import type { WizardState } from '../wizard.ts';
import { asking, settled, type Transition } from './transition.ts';

/** The answers to the question before a parked row is given up; keeping it comes first. */
export const acceptChoices = ['keep', 'accept'] as const;

export function openParked(state: WizardState): Transition {
  const { monitor } = state;
  if (monitor === undefined) return settled(state);
  const opened = { ...state, monitor: { ...monitor, parked: { choice: 0 } } };
  return asking(opened, { kind: 'list-parked', id: monitor.id, draft: state.draft });
}

export function takeParked(
  state: WizardState,
  { id, rows }: Extract<MonitorAction, { kind: 'parked-listed' }>,
): Transition {
  return withParked(state, id, (parked) => ({
    ...parked,
    rows,
    choice: Math.max(0, Math.min(parked.choice, rows.length - 1)),
  }));
}

/** Asks for both versions of the chosen row. */
export function showParked(state: WizardState): Transition {
  const chosen = chosenParked(state);
  const { monitor, draft } = state;
  if (chosen === undefined || monitor === undefined) return settled(state);
  return asking(state, { kind: 'show-parked', id: monitor.id, conflict: chosen.id, draft });
}

export function takeParkedRow(
  state: WizardState,
  { id, detail }: Extract<MonitorAction, { kind: 'parked-shown' }>,
): Transition {
  return withParked({ ...state, scroll: 0 }, id, (parked) => ({ ...parked, shown: detail }));
}

/** Has the row tried again by the next run; that can do no harm and is not asked about. */
export function retryParked(state: WizardState): Transition {
  const chosen = chosenParked(state);
  const { monitor, draft } = state;
  if (chosen === undefined || monitor === undefined) return settled(state);
  return asking(state, { kind: 'retry-parked', id: monitor.id, conflict: chosen.id, draft });
}

export function askToAccept(state: WizardState): Transition {
  return withParked(state, state.monitor?.id, (parked) => ({ ...parked, question: { choice: 0 } }));
}

/** Back from that question to the row. */
export function closeQuestion(state: WizardState): Transition {
  return withParked(state, state.monitor?.id, (parked) => ({ ...parked, question: undefined }));
}

/** The answer to that question. */
export function takeAcceptChoice(state: WizardState): Transition {
  const chosen = chosenParked(state);
  const { monitor, draft } = state;
  const { question } = monitor?.parked ?? {};
  const closed = closeQuestion(state);
  if (chosen === undefined || monitor === undefined || question === undefined) return closed;
  return acceptChoices[question.choice] === 'accept'
    ? asking(closed.state, { kind: 'accept-parked', id: monitor.id, conflict: chosen.id, draft })
    : closed;
}

/** A row was settled one way or the other: the list is asked for anew. */
export function takeSettled(
  state: WizardState,
  { id, message }: Extract<MonitorAction, { kind: 'parked-settled' }>,
): Transition {
  const listed = withParked(state, id, ({ rows, choice }) => ({ rows, choice }));
  if (listed.state.monitor?.id !== id) return listed;
  return asking({ ...listed.state, message }, { kind: 'list-parked', id, draft: state.draft });
}

/** Reports of an earlier watch change nothing. */
export function withMonitor(
  state: WizardState,
  id: number | undefined,
  change: (monitor: Monitor) => Monitor,
): Transition {
  const { monitor } = state;
  return settled(
    monitor?.id === id && monitor !== undefined ? { ...state, monitor: change(monitor) } : state,
  );
}

export function withParked(
  state: WizardState,
  id: number | undefined,
  change: (parked: Parked) => Parked,
): Transition {
  return withMonitor(state, id, (monitor) =>
    monitor.parked === undefined ? monitor : { ...monitor, parked: change(monitor.parked) },
  );
}
