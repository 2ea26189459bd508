import type { Draft } from '../../core/steps/index.ts';
import { contentWidth } from '../layout.ts';
import { placeOf } from '../page-order.ts';
import { blank, type Row, textRows } from '../rows.ts';
import type { SavedAnswers } from '../state/step.ts';
import type { WizardState } from '../wizard.ts';

/** The offer to go on with the answers of the wizard that was left or cut off; only on the first page. */
export function savedRows(state: WizardState): readonly Row[] {
  const { saved, page } = state;
  if (saved === undefined || page !== 'task') return [];
  const offer = `${savedOffer(saved, state.draft, new Date(state.now))}: press C`;
  return [blank, ...textRows(offer, contentWidth(state.size), { indent: 2 })];
}

/** "Continue where it was left? HOUSTON, step 4, today 14:02" */
export function savedOffer(saved: SavedAnswers, draft: Draft, now: Date): string {
  const subject = ['identification.registerId', 'identification.storeId', 'storeDatabase.server']
    .map((key) => saved.values[key])
    .find((value) => typeof value === 'string' && value !== '');
  const words = [
    ...(subject === undefined ? [] : [String(subject)]),
    `step ${Math.max(1, placeOf(saved.step, { ...draft, ...saved.values }).number)}`,
    momentOf(saved.savedAt, now),
  ];
  return `Continue where it was left? ${words.join(', ')}`;
}

/** "today 14:02", else the date. */
function momentOf(saved: SavedAnswers['savedAt'], now: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const time = `${two(saved.getHours())}:${two(saved.getMinutes())}`;
  const day = `${saved.getFullYear()}-${two(saved.getMonth() + 1)}-${two(saved.getDate())}`;
  return saved.toDateString() === now.toDateString() ? `today ${time}` : `${day} ${time}`;
}
