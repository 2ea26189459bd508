import type { Finding } from '../../core/plan/index.ts';
import { practiceNotice } from '../../core/words.ts';
import { contentWidth } from '../layout.ts';
import { type Body, blank, type Row, textRows } from '../rows.ts';
import type { RunEnd } from '../state/result.ts';
import type { WizardState } from '../wizard.ts';
import { failureRows } from './review-page.ts';
import { statusIndent, statusRows } from './status-rows.ts';

/** What was done, what to look after, where the log is, and the command that does the same on the next computer. */
export function resultBody(state: WizardState): Body {
  const { end, run } = state;
  if (end === undefined) return { rows: [] };
  const width = contentWidth(state.size);
  const failure = run?.finished?.failure ?? end.failure;
  const summary = run?.finished?.summary ?? '';
  const hasWorked = end.exit === 'done' || end.exit === 'restartNeeded';
  const rows: readonly Row[] = [
    ...doneRows(state, width),
    ...(failure === undefined ? [] : [blank, ...failureRows(failure, state)]),
    ...(end.exit === 'restartNeeded' ? statusRows('warning', 'A restart is needed.', width) : []),
    ...(run?.warnings ?? []).flatMap((warning) => warningRows(warning, width)),
    // The summary speaks of the warnings above it. A failure has been told already, with its next step.
    ...(summary === '' || failure !== undefined
      ? []
      : statusRows(hasWorked ? 'ok' : 'failed', summary, width)),
    ...practiceRows(state, summary, width),
    blank,
    ...whereRows(end, width),
  ];
  return { rows, scroll: state.scroll };
}

/** Said once: the summary may say it already, and on a failure the banner of every page does. */
function practiceRows({ run, planning }: WizardState, summary: string, width: number): readonly Row[] {
  const isPractice = planning?.status === 'made' && planning.plan.isPracticeServer;
  const isSaid = /practice server/i.test(summary) || run?.finished?.failure !== undefined;
  return isPractice && !isSaid
    ? [blank, ...textRows(practiceNotice, width, { meaning: 'banner', indent: 2 })]
    : [];
}

function doneRows({ run }: WizardState, width: number): readonly Row[] {
  const rows = run?.rows ?? [];
  if (rows.length === 0) return [];
  const count = (...kinds: readonly string[]) => rows.filter((row) => kinds.includes(row.status)).length;
  const done = count('ok', 'warning');
  const skipped = count('skipped');
  const failed = run?.rows.find((row) => row.status === 'failed');
  const words = `${done + skipped} of ${rows.length} actions done${skipped > 0 ? `, ${skipped} of them before` : ''}`;
  return [
    ...statusRows(done + skipped === rows.length ? 'ok' : '', words, width),
    ...(failed === undefined ? [] : statusRows('failed', failed.title, width)),
  ];
}

function warningRows({ message, hint }: Finding, width: number): readonly Row[] {
  return [
    ...statusRows('warning', message, width),
    ...(hint === '' ? [] : textRows(`Next: ${hint}`, width, { indent: statusIndent })),
  ];
}

/** Paths are long and must be copied whole: they wrap and are never cut. */
function whereRows({ log, command, exit }: RunEnd, width: number): readonly Row[] {
  const again = exit === 'done' ? 'Next one' : 'Continue';
  const labelWidth = statusIndent;
  return [
    { label: 'Log', value: log },
    { label: again, value: command },
  ].flatMap(({ label, value }) => {
    if (value === '') return [];
    const [first, ...others] = textRows(value, width - labelWidth - 2);
    const text = first?.kind === 'text' ? first.text : '';
    return [
      { kind: 'pair', label, labelWidth, value: text, note: '', meaning: 'plain' } satisfies Row,
      ...others.map((row) => (row.kind === 'text' ? { ...row, indent: labelWidth + 2 } : row)),
    ];
  });
}
