import type { ScopeStatus, SyncStatus } from '../../core/sync/index.ts';
import { amount, elapsed, rowsWord } from '../../core/words.ts';
import { glyphSets } from '../glyphs.ts';
import { bodyHeight, contentWidth } from '../layout.ts';
import { type Body, blank, type Row, textRows, windowOf } from '../rows.ts';
import type { Meaning } from '../theme.ts';
import type { WizardState } from '../wizard.ts';
import { failureRows } from './review-page.ts';
import { scopeHeading, scopeLine } from './scope-table.ts';

/**
 * The scopes of the register, and below them what a person should know. Both are always in sight: the list of scopes
 * is a window around the one that has the attention.
 */
export function monitorBody(state: WizardState): Body {
  const { monitor, now } = state;
  const status = monitor?.status;
  if (monitor === undefined) return { rows: [] };
  if (status === undefined)
    return {
      rows:
        monitor.failure === undefined ? askingRows(now - monitor.since) : failureRows(monitor.failure, state),
    };
  const width = contentWidth(state.size);
  const height = bodyHeight(state.size);
  const news = newsRows(status, state).slice(0, Math.floor(height / 2));
  const below = news.length === 0 ? [] : [blank, ...news];
  const scopes = scopeRows(status, state, width);
  const room = height - 1 - below.length;
  const list = scopes.length <= room ? scopes : windowed(scopes, monitor.choice, room, state);
  return {
    rows: [{ kind: 'text', text: scopeHeading(width), meaning: 'title', indent: 2 }, ...list, ...below],
  };
}

function askingRows(waited: number): readonly Row[] {
  return [
    {
      kind: 'status',
      status: 'working',
      meaning: 'quiet',
      number: '',
      text: 'Asking both databases',
      note: waited >= 1000 ? elapsed(waited) : '',
    },
  ];
}

function scopeRows(status: SyncStatus, state: WizardState, width: number): readonly Row[] {
  const { cut: mark } = glyphSets[state.glyphs];
  return status.scopes.map((scope, index) => ({
    kind: 'entry',
    text: scopeLine(scope, status.atUtc, width, mark),
    meaning: meaningOf(scope),
    isFocused: index === state.monitor?.choice,
  }));
}

function meaningOf({ lastRun, parked }: ScopeStatus): Meaning {
  if (lastRun?.outcome === 'failed') return 'bad';
  return parked > 0 || lastRun?.outcome === 'unreachable' ? 'warning' : 'plain';
}

/** As many scopes as there is room for, with a line that says how many are out of sight. */
function windowed(
  rows: readonly Row[],
  choice: number,
  room: number,
  { glyphs }: WizardState,
): readonly Row[] {
  const { moreAbove, moreBelow } = glyphSets[glyphs];
  const {
    rows: inSight,
    above,
    below,
  } = windowOf({ rows, follow: Math.min(rows.length - 1, choice + 1) }, room - 1);
  const words = [
    ...(above > 0 ? [`${moreAbove} ${above} more`] : []),
    ...(below > 0 ? [`${moreBelow} ${below} more`] : []),
  ].join('   ');
  return [...inSight, { kind: 'text', text: words, meaning: 'quiet', indent: 2 }];
}

/** What is wrong or waits for a person, the most urgent first. */
function newsRows(status: SyncStatus, state: WizardState): readonly Row[] {
  const width = contentWidth(state.size);
  const failure = state.monitor?.failure;
  const say = (text: string, meaning: Meaning) => textRows(text, width, { meaning, indent: 2 });
  const sides = [status.store, status.offline].flatMap((side) => (side.isReachable ? [] : [side.finding]));
  const findings = [...sides, ...status.findings].filter(
    ({ message }, index, all) => all.findIndex((other) => other.message === message) === index,
  );
  return [
    ...(failure === undefined ? [] : say(`This look failed: ${failure.message}`, 'bad')),
    ...findings.flatMap(({ message, hint }) => [
      ...say(message, 'warning'),
      ...(hint === '' ? [] : say(`Next: ${hint}`, 'plain')),
    ]),
    ...(status.parked > 0
      ? say(
          status.parked === 1
            ? '1 row is parked; P shows it.'
            : `${amount(status.parked)} rows are parked; P shows them.`,
          'warning',
        )
      : []),
    ...(status.holder === undefined ? [] : say(`At work now: ${status.holder}`, 'plain')),
  ];
}

/** The chosen scope in words, for the message line: its last run, how fast it was, what was wrong with it. */
export function scopeWords(scope: ScopeStatus): string {
  const { lastRun, loading, tables, frequencySeconds } = scope;
  const words = [
    loading === 0 ? '' : `${loading} of ${tables} tables have not come yet.`,
    lastRun === undefined ? 'It has not run yet.' : runWords(lastRun),
    lastRun?.message ?? '',
    frequencySeconds > 0 ? `Every ${elapsed(frequencySeconds * 1000)}.` : '',
  ];
  return `${scope.scope}: ${words.filter((each) => each !== '').join(' ')}`;
}

function runWords({
  startedUtc,
  finishedUtc,
  downloaded,
  uploaded,
  outcome,
}: NonNullable<ScopeStatus['lastRun']>) {
  if (outcome === 'unreachable') return 'The store could not be reached.';
  const rows = downloaded + uploaded;
  const took = finishedUtc.getTime() - startedUtc.getTime();
  const speed =
    rows > 0 && took > 0 ? ` (${amount(Math.max(1, Math.round((rows * 1000) / took)))} rows/s)` : '';
  return `${rowsWord(rows)} in ${elapsed(took).replace('under ', 'less than ')}${speed}.`;
}
