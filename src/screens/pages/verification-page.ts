import { elapsed, practiceNotice } from '../../core/words.ts';
import { contentWidth } from '../layout.ts';
import { type Body, blank, type Row, textRows } from '../rows.ts';
import type { Meaning } from '../theme.ts';
import type { Overlay, Verification, WizardState } from '../wizard.ts';
import { failureRows } from './review-page.ts';

/** Columns of the status word. */
const statusWidth = 11;

const meanings: Readonly<Record<string, Meaning>> = { ok: 'good', warning: 'warning', failed: 'bad' };

/** What was found, line by line; the verdict stands first when it is there, for it is what is asked for. */
export function verificationBody(
  state: WizardState,
  { scroll }: Extract<Overlay, { kind: 'verification' }>,
): Body {
  const { verification } = state;
  if (verification === undefined) return { rows: [] };
  const width = contentWidth(state.size);
  const { checks, failure } = verification;
  const rows: readonly Row[] = [
    ...headRows(verification, state.now, width),
    ...(failure === undefined ? [] : [...failureRows(failure, state), blank]),
    ...checks.flatMap(({ status, message, hint }) => [
      ...statusRows(status, message, width),
      ...(hint === undefined ? [] : textRows(`Next: ${hint}`, width, { indent: statusWidth })),
    ]),
  ];
  return { rows, scroll };
}

function headRows(
  { verdict, failure, checking, since }: Verification,
  now: number,
  width: number,
): readonly Row[] {
  if (verdict === undefined)
    return failure === undefined
      ? [
          {
            kind: 'status',
            status: 'working',
            meaning: 'quiet',
            number: '',
            text: checking === undefined ? 'Asking the servers' : `Looking at ${checking}`,
            note: now - since >= 1000 ? elapsed(now - since) : '',
          },
          blank,
        ]
      : [];
  const { ok, warnings, failed, isPracticeServer } = verdict;
  const words = failed > 0 ? 'This set-up has problems' : 'This set-up is in order';
  return [
    ...textRows(
      `${words}: ${ok} ok, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ${failed} failed.`,
      width,
      {
        meaning: failed > 0 ? 'bad' : 'good',
        indent: 2,
      },
    ),
    ...(isPracticeServer ? textRows(practiceNotice, width, { meaning: 'banner', indent: 2 }) : []),
    blank,
  ];
}

function statusRows(status: string, text: string, width: number): readonly Row[] {
  return textRows(text, width - statusWidth).map((row, index) => ({
    kind: 'status',
    status: index === 0 ? status : '',
    meaning: meanings[status] ?? 'plain',
    number: '',
    text: row.kind === 'text' ? row.text : '',
    note: '',
  }));
}
