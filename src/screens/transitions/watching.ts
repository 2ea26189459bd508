import { chosenParked, type Monitor, monitorScreen, type Parked } from '../monitor.ts';
import { type Action, asking, settled, type Transition, type WizardState } from '../wizard.ts';

/** The answers to the question before a parked row is given up; keeping it comes first. */
export const acceptChoices = ['keep', 'accept'] as const;

/** Looks at the synchronisation from now on. */
export function beginWatch(state: WizardState): Transition {
  const id = state.serial;
  return asking(
    {
      ...state,
      serial: id + 1,
      page: 'monitor',
      overlay: undefined,
      message: undefined,
      scroll: 0,
      monitor: { id, since: state.now, choice: 0 },
    },
    { kind: 'watch-sync', id, draft: state.draft },
  );
}

export function takeStatus(
  state: WizardState,
  { id, status }: Extract<Action, { kind: 'status-read' }>,
): Transition {
  return withMonitor(state, id, (monitor) => ({
    ...monitor,
    status,
    failure: undefined,
    choice: Math.max(0, Math.min(monitor.choice, status.scopes.length - 1)),
  }));
}

export function takeStatusFailure(
  state: WizardState,
  { id, failure }: Extract<Action, { kind: 'status-unknown' }>,
): Transition {
  return withMonitor(state, id, (monitor) => ({ ...monitor, failure }));
}

export function openParked(state: WizardState): Transition {
  const { monitor } = state;
  if (monitor === undefined) return settled(state);
  const opened = { ...state, monitor: { ...monitor, parked: { choice: 0 } } };
  return asking(opened, { kind: 'list-parked', id: monitor.id, draft: state.draft });
}

export function takeParked(
  state: WizardState,
  { id, rows }: Extract<Action, { kind: 'parked-listed' }>,
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
  { id, detail }: Extract<Action, { kind: 'parked-shown' }>,
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

/** The answer to that question. */
export function takeAcceptChoice(state: WizardState): Transition {
  const chosen = chosenParked(state);
  const { monitor, draft } = state;
  const { question } = monitor?.parked ?? {};
  const closed = leaveMonitorScreen(state);
  if (chosen === undefined || monitor === undefined || question === undefined) return closed;
  return acceptChoices[question.choice] === 'accept'
    ? asking(closed.state, { kind: 'accept-parked', id: monitor.id, conflict: chosen.id, draft })
    : closed;
}

/** A row was settled one way or the other: the list is asked for anew. */
export function takeSettled(
  state: WizardState,
  { id, message }: Extract<Action, { kind: 'parked-settled' }>,
): Transition {
  const listed = withParked(state, id, ({ rows, choice }) => ({ rows, choice }));
  if (listed.state.monitor?.id !== id) return listed;
  return asking({ ...listed.state, message }, { kind: 'list-parked', id, draft: state.draft });
}

/** Another scope, parked row or answer; round at the ends. */
export function chooseInMonitor(state: WizardState, by: 1 | -1): Transition {
  const { monitor } = state;
  if (monitor === undefined) return settled(state);
  const turned = (choice: number, count: number) => (count === 0 ? 0 : (choice + by + count) % count);
  switch (monitorScreen(state)) {
    case 'monitor': {
      const choice = turned(monitor.choice, monitor.status?.scopes.length ?? 0);
      return settled({ ...state, monitor: { ...monitor, choice } });
    }
    case 'parked':
      return withParked(state, monitor.id, (parked) => ({
        ...parked,
        choice: turned(parked.choice, parked.rows?.length ?? 0),
      }));
    case 'accept':
      return withParked(state, monitor.id, (parked) => ({
        ...parked,
        question: { choice: turned(parked.question?.choice ?? 0, acceptChoices.length) },
      }));
    case 'parked-row':
      return settled(state);
  }
}

/** Esc: from the question to the row, from there to the list, to the scopes, and out of the monitor. */
export function leaveMonitorScreen(state: WizardState): Transition {
  const { monitor } = state;
  if (monitor === undefined) return settled(state);
  switch (monitorScreen(state)) {
    case 'accept':
      return withParked(state, monitor.id, (parked) => ({ ...parked, question: undefined }));
    case 'parked-row':
      return withParked({ ...state, scroll: 0 }, monitor.id, (parked) => ({ ...parked, shown: undefined }));
    case 'parked':
      return settled({ ...state, monitor: { ...monitor, parked: undefined } });
    case 'monitor':
      return asking({ ...state, page: 'result', monitor: undefined, scroll: 0 }, { kind: 'unwatch-sync' });
  }
}

function withMonitor(
  state: WizardState,
  id: number | undefined,
  change: (monitor: Monitor) => Monitor,
): Transition {
  const { monitor } = state;
  return settled(
    monitor?.id === id && monitor !== undefined ? { ...state, monitor: change(monitor) } : state,
  );
}

function withParked(
  state: WizardState,
  id: number | undefined,
  change: (parked: Parked) => Parked,
): Transition {
  return withMonitor(state, id, (monitor) =>
    monitor.parked === undefined ? monitor : { ...monitor, parked: change(monitor.parked) },
  );
}
