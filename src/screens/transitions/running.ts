import type { RunEvent } from '../../core/plan/index.ts';
import type { ProgressAction, Run, RunRow } from '../state/progress.ts';
import type { WizardState } from '../wizard.ts';
import { asking, settled, type Transition } from './transition.ts';

/** The technician has confirmed the review: from here the work cannot be gone back from. */
export function startRun(state: WizardState): Transition {
  const { planning } = state;
  if (planning?.status !== 'made') return settled(state);
  const rows = planning.plan.actions.map(waitingRow);
  return asking(
    {
      ...state,
      page: 'progress',
      overlay: undefined,
      message: undefined,
      scroll: 0,
      run: { rows, since: state.now, isStopping: false, warnings: [] },
      end: undefined,
      hasWritten: true,
      isVerified: undefined,
    },
    { kind: 'start-run', draft: state.draft, fingerprint: planning.plan.fingerprint },
  );
}

export function takeRunEvent(state: WizardState, event: RunEvent): Transition {
  return state.run === undefined
    ? settled(state)
    : settled({ ...state, run: runAfter(state.run, event, state.now) });
}

/** The run is over; its answers are not needed any more when it has done everything. */
export function endRun(
  state: WizardState,
  { end }: Extract<ProgressAction, { kind: 'run-ended' }>,
): Transition {
  const ended: WizardState = { ...state, page: 'result', overlay: undefined, scroll: 0, end };
  const isDone = end.exit === 'done' || end.exit === 'restartNeeded';
  return isDone ? asking(ended, { kind: 'keep-as-defaults', draft: ended.draft }) : settled(ended);
}

/** Asks the run to end at the next safe place. */
export function stopSafely(state: WizardState): Transition {
  if (state.run === undefined || state.run.isStopping) return settled(state);
  return asking({ ...state, run: { ...state.run, isStopping: true } }, { kind: 'cancel-run' });
}

function runAfter(run: Run, event: RunEvent, now: number): Run {
  switch (event.kind) {
    case 'run-started':
      return { ...run, rows: event.actions.map(waitingRow) };
    case 'action-started':
      return withRow(run, event.id, (row) => ({ ...row, status: 'working', since: now }));
    case 'action-progress': {
      const { done, total, unit } = event;
      return withRow(run, event.id, (row) => ({ ...row, progress: { done, total, unit } }));
    }
    case 'action-finished': {
      const status = event.outcome === 'done' ? 'ok' : event.outcome;
      const { elapsedMs } = event;
      const after = withRow(run, event.id, ({ id, title }) => ({ id, title, status, elapsedMs }));
      // A failure is told by the end of the run; what goes on in spite of it is kept for the last page.
      return status === 'warning' && event.finding !== undefined
        ? { ...after, warnings: [...after.warnings, event.finding] }
        : after;
    }
    case 'warning':
      return { ...run, warnings: [...run.warnings, event.finding] };
    case 'run-finished':
      return { ...run, finished: event };
  }
}

function withRow(run: Run, id: string, change: (row: RunRow) => RunRow): Run {
  return { ...run, rows: run.rows.map((row) => (row.id === id ? change(row) : row)) };
}

function waitingRow({ id, title }: { readonly id: string; readonly title: string }): RunRow {
  return { id, title, status: 'waiting' };
}
