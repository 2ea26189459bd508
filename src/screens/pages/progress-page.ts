import { elapsed, pace } from '../../core/words.ts';
import { contentWidth } from '../layout.ts';
import { type Body, type Row, textRows } from '../rows.ts';
import type { RunRow } from '../state/progress.ts';
import type { Meaning } from '../theme.ts';
import type { WizardState } from '../wizard.ts';

/** What has been done, what is being done and since when, and what is still to come. */
export function progressBody(state: WizardState): Body {
  const { run } = state;
  if (run === undefined) return { rows: [] };
  if (run.rows.length === 0) return { rows: textRows('Looking at what there is to do', 60, { indent: 2 }) };
  const working = run.rows.findLastIndex((row) => row.status !== 'waiting');
  const rows = run.rows.flatMap((row, index) => [
    runRow(row, index + 1, state.now),
    ...(index === working ? paceRows(row, state) : []),
  ]);
  // A few of those to come stay in sight below the one at work.
  return { rows, follow: Math.min(rows.length - 1, Math.max(0, working) + 3) };
}

const words: Readonly<Record<RunRow['status'], { readonly word: string; readonly meaning: Meaning }>> = {
  waiting: { word: '', meaning: 'plain' },
  working: { word: 'working', meaning: 'focused' },
  ok: { word: 'ok', meaning: 'good' },
  skipped: { word: 'ok', meaning: 'good' },
  warning: { word: 'warning', meaning: 'warning' },
  failed: { word: 'failed', meaning: 'bad' },
};

function runRow(row: RunRow, number: number, now: number): Row {
  const { word, meaning } = words[row.status];
  return {
    kind: 'status',
    status: word,
    meaning,
    number: String(number),
    text: row.title,
    note: timeOf(row, now),
    ...(row.progress === undefined ? {} : { bar: row.progress }),
  };
}

/** Below what moves rows: how fast it is, and how long it still takes. */
function paceRows({ status, progress, since }: RunRow, { now, size }: WizardState): readonly Row[] {
  if (status !== 'working' || progress?.unit !== 'rows' || since === undefined) return [];
  const words = pace(progress, now - since);
  return words === undefined
    ? []
    : textRows(words, contentWidth(size), { meaning: 'quiet', indent: paceIndent });
}

/** Columns before the title of an action. */
const paceIndent = 16;

function timeOf(row: RunRow, now: number): string {
  if (row.status === 'skipped') return 'was done already';
  if (row.elapsedMs !== undefined) return row.elapsedMs < 1000 ? '' : elapsed(row.elapsedMs);
  const since = row.since === undefined ? 0 : now - row.since;
  return since < 1000 ? '' : elapsed(since);
}
