import { problemsOf, relevantFields, setField } from '../core/answers/draft.ts';
import { Secret } from '../core/secret.ts';
import type { Draft, DraftValue, Field, Problem, Step } from '../core/steps/index.ts';
import { placeOf, problemsOfPage } from '../screens/index.ts';
import type { LineDialog } from './terminal/line-dialog.ts';
import { neitherYesNorNo, yesOrNo } from './terminal/yes-or-no.ts';

/** What a page of questions ended with. */
export type StepAnswer =
  | { readonly kind: 'answered'; readonly draft: Draft }
  | { readonly kind: 'back'; readonly draft: Draft }
  | { readonly kind: 'quit' };

/** Asks the questions of a step one after the other. `<` goes back by one, before the first to the step before. */
export async function askStep(step: Step, start: Draft, dialog: LineDialog): Promise<StepAnswer> {
  const { number, count } = placeOf(step.id, start);
  dialog.say(`\nStep ${number} of ${count}  ${step.title}`);
  let draft = start;
  let at = 0;
  for (;;) {
    // What is asked next may depend on the answer before.
    const fields = relevantFields(step, draft);
    const field = fields[at];
    if (field === undefined) {
      const [problem] = problemsOfPage(step, draft);
      if (problem === undefined) return { kind: 'answered', draft };
      dialog.say(`  ! ${problem.message}`);
      at = Math.max(
        0,
        fields.findIndex((each) => each.key === problem.key),
      );
      continue;
    }
    const answer = await askField(field, step, draft, dialog);
    if (answer === 'quit') return { kind: 'quit' };
    if (answer === 'back') {
      if (at === 0) return { kind: 'back', draft };
      at -= 1;
      continue;
    }
    draft = answer;
    at += 1;
  }
}

/** Asks until the answer is one; Enter alone takes what stands in brackets. */
async function askField(
  field: Field,
  step: Step,
  draft: Draft,
  dialog: LineDialog,
): Promise<Draft | 'back' | 'quit'> {
  for (;;) {
    const typed = await typedValue(field, draft, dialog);
    if (typed === undefined) return 'quit';
    if (typed === '<') return 'back';
    if (typed === '?') {
      for (const line of helpOf(field, step)) dialog.say(line);
      continue;
    }
    const value = typed === '' ? draft[field.key] : answered(field, typed);
    if (value === undefined && typed !== '') {
      dialog.say(neitherYesNorNo);
      continue;
    }
    const next = value === undefined ? draft : setField(draft, field.key, value);
    const problem = problemsOf(step, next).find((each) => each.key === field.key);
    if (problem === undefined) return next;
    dialog.say(`  ! ${wordsOf(problem, field)}`);
  }
}

/** The registry speaks of what a file holds; here a password is typed, and a choice has a number. */
function wordsOf({ message }: Problem, field: Field): string {
  if (field.kind === 'secret') return `${field.label} is missing: type it.`;
  if (field.kind === 'choice')
    return `Not one of the choices: type a number from 1 to ${field.options.length}.`;
  return message;
}

async function typedValue(
  field: Field,
  draft: Draft,
  dialog: LineDialog,
): Promise<string | Secret | undefined> {
  const current = draft[field.key];
  if (field.kind === 'secret') {
    const note = current === undefined ? 'not shown' : 'not shown, Enter keeps the one that is known';
    const secret = await dialog.askUnseen(`  ${field.label} (${note}): `);
    const text = secret?.reveal();
    return text === '' || text === '<' || text === '?' ? text : secret;
  }
  field.options.forEach((option, index) => {
    dialog.say(`  ${index + 1}  ${option.label}: ${option.note}`);
  });
  const typed = await dialog.ask(`  ${field.label}${bracketed(field, current)}: `);
  return typed?.trim();
}

function bracketed(field: Field, current: DraftValue | undefined): string {
  if (field.kind === 'switch') return ` (yes/no) [${current === true ? 'yes' : 'no'}]`;
  if (typeof current !== 'string' || current === '') return '';
  const place = field.options.findIndex((option) => option.value === current);
  return ` [${place < 0 ? current : place + 1}]`;
}

/** A choice is given by its number or its word; `-` empties a field. Undefined for a switch that was turned neither way. */
function answered(field: Field, typed: string | Secret): DraftValue | undefined {
  if (typed instanceof Secret) return typed;
  if (field.kind === 'switch') return yesOrNo(typed);
  if (field.kind === 'choice') return field.options[Number(typed) - 1]?.value ?? typed;
  return typed === '-' ? '' : typed;
}

function helpOf(field: Field, step: Step): readonly string[] {
  return [
    ...step.help.split('\n').map((line) => `    ${line}`),
    `    ${field.label}: ${field.help}`,
    '    Enter takes what stands in brackets, - empties, < goes back, ? helps, Ctrl+C quits.',
  ];
}
