import { ExpectedError } from '../errors.ts';
import { Secret } from '../secret.ts';
import {
  type Draft,
  type DraftValue,
  type Field,
  fieldOf,
  fields,
  type Problem,
  type Step,
  steps,
} from '../steps/index.ts';
import type { Answers } from './answers.ts';
import { flatten, nest } from './nesting.ts';
import { answersSchema } from './schema.ts';

export type { Draft, DraftValue, Problem } from '../steps/index.ts';

/** What the wizard's fields hold before anything was typed: the defaults and the suggestions. */
export function startingDraft(): Draft {
  return Object.fromEntries(
    fields.flatMap((field): [string, DraftValue][] => {
      const value = field.suggestion ?? field.default;
      return value === undefined ? [] : [[field.key, value]];
    }),
  );
}

/** The draft with one value changed. What another choice made irrelevant stays, so that choosing back brings it back. */
export function setField(draft: Draft, key: string, value: DraftValue): Draft {
  if (fieldOf(key) === undefined) throw new Error(`No step has a field "${key}"`);
  return { ...draft, [key]: value };
}

/** The steps to go through with these answers, in order. */
export function relevantSteps(draft: Draft): readonly Step[] {
  return steps.filter((step) => step.isRelevant(draft));
}

/** The questions of a step that are asked with these answers, in order. */
export function relevantFields(step: Step, draft: Draft): readonly Field[] {
  return step.fields.filter((field) => field.isRelevant(draft));
}

/** What is wrong on one page, at most one problem for each field; an empty list means that one can go on. */
export function problemsOf(step: Step, draft: Draft): readonly Problem[] {
  const problems = step.fields
    .filter((field) => isTaken(field, draft))
    .flatMap((field) => problemOf(field, draft));
  return problems.length > 0 ? problems : step.check(draft);
}

/** What is wrong on all pages together. */
export function problemsOfDraft(draft: Draft): readonly Problem[] {
  return relevantSteps(draft).flatMap((step) => problemsOf(step, draft));
}

/**
 * The complete answers. Values that the choices made irrelevant are left out, a password that was typed becomes
 * `prompt:`. Throws ExpectedError `answers-invalid` with all problems; see `problemsOfDraft`.
 */
export function toAnswers(draft: Draft): Answers {
  const problems = problemsOfDraft(draft);
  if (problems.length > 0) {
    throw new ExpectedError({
      code: 'answers-invalid',
      exit: 'answers',
      message: problems.map((problem) => `${problem.key}: ${problem.message}`).join('\n'),
      hint: 'Correct these answers.',
    });
  }
  const taken = relevantSteps(draft)
    .flatMap((step) => step.fields)
    .filter((field) => isTaken(field, draft))
    .flatMap((field): [string, string | boolean][] => {
      const value = written(draft[field.key] ?? field.default);
      return isBlank(value) ? [] : [[field.key, value]];
    });
  return answersSchema().parse({ version: 1, ...nest(taken) });
}

/** The draft that holds exactly these answers. */
export function fromAnswers(answers: Answers): Draft {
  const { version: _, ...values } = answers;
  return Object.fromEntries(flatten(values));
}

/** The passwords that were typed, by the key of their field; `resolveSecret` takes them before it asks. */
export function typedSecrets(draft: Draft): ReadonlyMap<string, Secret> {
  return new Map(
    Object.entries(draft).flatMap(([key, value]): [string, Secret][] =>
      value instanceof Secret && !isBlank(value) ? [[key, value]] : [],
    ),
  );
}

function problemOf(field: Field, draft: Draft): readonly Problem[] {
  const value = draft[field.key];
  if (isBlank(value)) {
    const isMissing = field.default === undefined && field.isRelevant(draft) && field.isRequired(draft);
    return isMissing ? [{ key: field.key, message: missingMessage(field) }] : [];
  }
  const issue = field.schema.safeParse(written(value)).error?.issues[0];
  return issue === undefined ? [] : [{ key: field.key, message: issue.message }];
}

function missingMessage(field: Field): string {
  return field.kind === 'choice'
    ? `${field.label} is missing: choose ${field.options.map((option) => option.value).join(', ')}.`
    : `${field.label} is missing: write it, for example ${field.example}`;
}

/** Asked, or kept although it is not asked. */
function isTaken(field: Field, draft: Draft): boolean {
  return field.isRelevant(draft) || field.isKeptUnasked;
}

function isBlank(value: DraftValue | undefined): value is '' | undefined {
  if (value instanceof Secret) return value.reveal() === '';
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}

function written(value: DraftValue): string | boolean;
function written(value: DraftValue | undefined): string | boolean | undefined;
function written(value: DraftValue | undefined): string | boolean | undefined {
  return value instanceof Secret ? 'prompt:' : value;
}
