import { relevantSteps } from '../../core/answers/draft.ts';
import type { Plan } from '../../core/plan/index.ts';
import { elapsed, riskWord } from '../../core/words.ts';
import { contentWidth } from '../layout.ts';
import { stepName } from '../page-order.ts';
import { type Body, blank, pairRows, type Row, textRows } from '../rows.ts';
import type { Failure } from '../state/failure.ts';
import { widthOf, wrapped } from '../text-width.ts';
import type { WizardState } from '../wizard.ts';

/** What will be done, in plain words, before anything is done. */
export function reviewBody(state: WizardState): Body {
  const { planning } = state;
  switch (planning?.status) {
    case 'making':
      return { rows: makingRows(state, planning.since), scroll: state.scroll };
    case 'made':
      return { rows: planRows(planning.plan, state), scroll: state.scroll };
    case 'failed':
      return { rows: failureRows(planning.failure, state), scroll: state.scroll };
    case undefined:
      return { rows: [] };
  }
}

/** What went wrong and the one next thing to do. */
export function failureRows(failure: Failure, state: WizardState): readonly Row[] {
  const width = contentWidth(state.size);
  return [
    ...textRows(failure.message, width, { meaning: 'bad', indent: 2 }),
    ...(failure.hint === '' ? [] : [blank, ...textRows(`Next: ${failure.hint}`, width, { indent: 2 })]),
  ];
}

function makingRows(state: WizardState, since: number): readonly Row[] {
  const time = state.now - since;
  return [
    ...answerRows(state),
    blank,
    {
      kind: 'status',
      status: 'working',
      meaning: 'quiet',
      number: '',
      text: 'Asking the server what there is to do',
      note: time >= 1000 ? elapsed(time) : '',
    },
  ];
}

/** The answers in one line for each step, while nothing is known about the server yet. */
function answerRows(state: WizardState): readonly Row[] {
  const steps = relevantSteps(state.draft);
  return pairRows(steps.map((step) => ({ label: stepName(step), value: step.summary(state.draft) })));
}

/** Servers and databases have long names, and it matters which they are: they wrap and are never cut. */
function factRows(facts: Plan['facts'], width: number): readonly Row[] {
  const labelWidth = Math.max(0, ...facts.map(({ label }) => widthOf(label))) + 2;
  const indent = 2 + labelWidth;
  return facts.flatMap(({ label, value }): readonly Row[] => {
    const [first = '', ...others] = wrapped(value, width - indent);
    return [
      { kind: 'pair', label, labelWidth, value: first, note: '', meaning: 'plain' },
      ...others.map((text): Row => ({ kind: 'text', text, meaning: 'plain', indent })),
    ];
  });
}

function planRows(plan: Plan, state: WizardState): readonly Row[] {
  const width = contentWidth(state.size);
  const actions = plan.actions.map(
    (action, index): Row => ({
      kind: 'status',
      status: undefined,
      meaning: 'plain',
      number: String(index + 1),
      text: action.title,
      note: riskWord(action.risk),
    }),
  );
  return [
    ...factRows(plan.facts, width),
    // Before the actions, whose list may be longer than the screen.
    ...plan.warnings.flatMap((warning) => [
      blank,
      ...textRows(`Warning: ${warning.message}`, width, { meaning: 'warning', indent: 2 }),
      ...(warning.hint === '' ? [] : textRows(`Next: ${warning.hint}`, width, { indent: 4 })),
    ]),
    blank,
    ...(actions.length > 0
      ? actions
      : textRows('Nothing to do: everything is as it should be.', width, { meaning: 'good', indent: 2 })),
  ];
}
