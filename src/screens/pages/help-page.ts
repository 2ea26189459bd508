import { relevantFields } from '../../core/answers/draft.ts';
import { openBindings, wordsOf } from '../keys.ts';
import { contentWidth } from '../layout.ts';
import { stepOf } from '../page-order.ts';
import { type Body, blank, pairRows, type Row, textRows } from '../rows.ts';
import type { Overlay } from '../state/overlay.ts';
import { editingKeys } from '../widgets/text-line.ts';
import type { WizardState } from '../wizard.ts';

/** What the page is about, each of its questions, and all its keys: from the registry and the key table. */
export function helpBody(state: WizardState, { scroll }: Extract<Overlay, { kind: 'help' }>): Body {
  const width = contentWidth(state.size);
  const step = stepOf(state);
  const about = step?.help ?? pageHelp[state.page] ?? '';
  const fields = step === undefined ? [] : relevantFields(step, state.draft);
  const rows: readonly Row[] = [
    // The registry breaks its lines in the middle of sentences as well.
    ...textRows(about.replace(/(?<!\.)\n/g, ' '), width),
    ...fields.flatMap((field) => [
      blank,
      ...textRows(field.label, width, { meaning: 'title' }),
      ...textRows(field.help, width, { indent: 2 }),
      ...field.options.flatMap((option) => textRows(`${option.label}: ${option.note}`, width, { indent: 2 })),
    ]),
    blank,
    ...textRows('Keys', width, { meaning: 'title' }),
    ...keyRows(state),
    ...(fields.some((field) => field.kind !== 'choice' && field.kind !== 'switch')
      ? [
          blank,
          ...textRows('Keys in a text field', width, { meaning: 'title' }),
          ...pairRows(editingKeys.map(({ label, words }) => ({ label, value: words }))),
        ]
      : []),
  ];
  return { rows, scroll };
}

const pageHelp: Readonly<Record<string, string>> = {
  review: [
    'This is what storedb is going to do. Until you press Enter nothing is changed on any server.',
    'V looks at an existing set-up with these answers and changes nothing.',
    'creates: something new. changes: something that is there already gets another setting.',
    'W writes your answers into a file, without passwords: "storedb apply FILE" does the same without questions.',
  ].join('\n'),
  progress: [
    'The work is going on. What is done stays done, and running storedb again continues where it ended.',
    'Ctrl+C stops at the next safe place.',
  ].join('\n'),
  result: [
    'The work has ended. The log folder has a summary, the T-SQL, and the answers without passwords.',
    'V proves that the set-up works. N goes on with a register of the store. M watches the synchronisation.',
  ].join('\n'),
  monitor: [
    'What the synchronisation of this register does, scope by scope; nothing is changed by looking.',
    'Direction: down = from the store to the register, up = from the register to the store, both = first up, then down.',
    'Rows: of the last run. Errors: rows that are parked, or failed. Waiting: rows that the other side has not got yet.',
    'A parked row could not be applied: both sides changed it, or a database refused it. It is kept, never lost.',
    'T tries it again with the next run, for when the reason is gone. A gives the parked version up.',
  ].join('\n'),
};

/** The keys that work on the page below the help. */
function keyRows(state: WizardState): readonly Row[] {
  const under = { ...state, overlay: undefined };
  const list = openBindings(under).map((binding) => ({
    label: binding.label,
    value: binding.help ?? wordsOf(binding, under),
  }));
  return pairRows(list.filter((each, index) => list.findIndex((other) => isSame(each, other)) === index));
}

function isSame(one: { label: string; value: string }, other: { label: string; value: string }): boolean {
  return one.label === other.label && one.value === other.value;
}
