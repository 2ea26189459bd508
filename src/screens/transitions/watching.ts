import { type MonitorAction, monitorScreen } from '../state/monitor.ts';
import type { WizardState } from '../wizard.ts';
import {
  acceptChoices,
  closeQuestion,
  takeParked,
  takeParkedRow,
  takeSettled,
  withMonitor,
  withParked,
} from './parked.ts';
import { asking, settled, type Transition } from './transition.ts';

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

/** What the host has found out, by itself or because it was asked. */
export function takeSyncNews(state: WizardState, news: MonitorAction): Transition {
  switch (news.kind) {
    case 'status-read':
      return takeStatus(state, news);
    case 'status-unknown':
      return withMonitor(state, news.id, (monitor) => ({ ...monitor, failure: news.failure }));
    case 'parked-listed':
      return takeParked(state, news);
    case 'parked-shown':
      return takeParkedRow(state, news);
    case 'parked-settled':
      return takeSettled(state, news);
  }
}

function takeStatus(
  state: WizardState,
  { id, status }: Extract<MonitorAction, { kind: 'status-read' }>,
): Transition {
  return withMonitor(state, id, (monitor) => ({
    ...monitor,
    status,
    failure: undefined,
    choice: Math.max(0, Math.min(monitor.choice, status.scopes.length - 1)),
  }));
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
      return closeQuestion(state);
    case 'parked-row':
      return withParked({ ...state, scroll: 0 }, monitor.id, (parked) => ({ ...parked, shown: undefined }));
    case 'parked':
      return settled({ ...state, monitor: { ...monitor, parked: undefined } });
    case 'monitor':
      return asking({ ...state, page: 'result', monitor: undefined, scroll: 0 }, { kind: 'unwatch-sync' });
  }
}
