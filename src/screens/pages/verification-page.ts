import { elapsed, practiceNotice } from '../../core/words.ts';
import { contentWidth } from '../layout.ts';
import { type Body, blank, type Row, textRows } from '../rows.ts';
import type { Overlay } from '../state/overlay.ts';
import type { Verification } from '../state/verification.ts';
import type { WizardState } from '../wizard.ts';
import { failureRows } from './review-page.ts';
import { statusIndent, statusRows } from './status-rows.ts';

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
      ...(hint === undefined ? [] : textRows(`Next: ${hint}`, width, { indent: statusIndent })),
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
