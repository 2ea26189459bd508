import { contentWidth } from '../layout.ts';
import { placeOf } from '../page-order.ts';
import { blank, type Row, textRows } from '../rows.ts';
import type { SavedAnswers, WizardState } from '../wizard.ts';

/** The offer to go on with the answers of the wizard that was left or cut off; only on the first page. */
export function savedRows(state: WizardState): readonly Row[] {
  const { saved, page } = state;
  if (saved === undefined || page !== 'task') return [];
  const draft = { ...state.draft, ...saved.values };
  const subject = ['identification.registerId', 'identification.storeId', 'storeDatabase.server']
    .map((key) => saved.values[key])
    .find((value) => typeof value === 'string' && value !== '');
  const words = [
    ...(subject === undefined ? [] : [String(subject)]),
    `step ${Math.max(1, placeOf(saved.step, draft).number)}`,
    momentOf(saved.savedAt, new Date(state.now)),
  ];
  const width = contentWidth(state.size);
  return [
    blank,
    ...textRows(`Continue where it was left? ${words.join(', ')}: press C`, width, { indent: 2 }),
  ];
}

/** "today 14:02", else the date. */
function momentOf(saved: SavedAnswers['savedAt'], now: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const time = `${two(saved.getHours())}:${two(saved.getMinutes())}`;
  const day = `${saved.getFullYear()}-${two(saved.getMonth() + 1)}-${two(saved.getDate())}`;
  return saved.toDateString() === now.toDateString() ? `today ${time}` : `${day} ${time}`;
}
