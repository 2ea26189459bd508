import { stringify } from 'yaml';
import { type Draft, type Field, type FieldOption, fields, steps } from '../steps/index.ts';
import type { Task } from './answers.ts';
import { startingDraft } from './draft.ts';

/**
 * An answers file to fill in, as YAML with the labels, help and choices as comments. What is blank must be written;
 * what is commented out (`#key:`, without a blank) belongs to another choice. With a task only what the task asks; without one everything, with
 * the parts of other tasks commented out.
 */
export function answersTemplate(task?: Task): string {
  const draft: Draft = { ...startingDraft(), task: task ?? 'store-database' };
  const shown = fields.filter((field) => task === undefined || isOfTask(field, task));
  const lines = [
    '# Answers for storedb. Fill in what is blank, then run:  storedb answers check THIS-FILE',
    '# Lines that begin with # and no blank are for other choices: take away the # where you need them.',
    '# Passwords are given by reference: env:NAME, file:PATH, prompt: or stdin:',
    'version: 1',
  ];
  let open: readonly string[] = [];
  for (const field of shown) {
    const groups = field.key.split('.').slice(0, -1);
    for (const [depth, group] of groups.entries()) {
      if (open.slice(0, depth + 1).join('.') === groups.slice(0, depth + 1).join('.')) continue;
      const prefix = `${groups.slice(0, depth + 1).join('.')}.`;
      const isUsed = shown.some((other) => other.key.startsWith(prefix) && isAsked(other, draft));
      if (depth === 0) lines.push('');
      lines.push(line(depth, `${group}:`, isUsed));
    }
    open = groups;
    lines.push(...fieldLines(field, groups.length, draft));
  }
  return `${lines.join('\n')}\n`;
}

function fieldLines(field: Field, depth: number, draft: Draft): readonly string[] {
  const indent = '  '.repeat(depth);
  const isAskedNow = isAsked(field, draft);
  const name = field.key.split('.').at(-1) ?? field.key;
  const isOptional = field.default === undefined && isAskedNow && !field.isRequired(draft);
  const example = field.kind === 'choice' || field.default !== undefined ? '' : ` Example: ${field.example}`;
  return [
    `${indent}# ${field.label}${isOptional ? ' (optional)' : ''}: ${field.help}${example}`,
    ...field.options.map((option) => `${indent}#   ${option.value}: ${wordsOf(option)}`),
    line(depth, `${name}:${valueText(field, draft)}`, isAskedNow),
  ];
}

function wordsOf({ value, label, note }: FieldOption): string {
  return label === value ? note : `${label}, ${note}`;
}

/** What stands in the file already: a default, a suggestion, or a reference that only has to be followed. */
function valueText(field: Field, draft: Draft): string {
  const value = field.kind === 'secret' ? field.example : draft[field.key];
  return typeof value === 'string' || typeof value === 'boolean'
    ? ` ${stringify(value, { singleQuote: true, lineWidth: 0 }).trimEnd()}`
    : '';
}

function line(depth: number, text: string, isUsed: boolean): string {
  return `${'  '.repeat(depth)}${isUsed ? '' : '#'}${text}`;
}

function isAsked(field: Field, draft: Draft): boolean {
  const step = steps.find((candidate) => candidate.fields.includes(field));
  return step?.isRelevant(draft) === true && field.isRelevant(draft);
}

/** Whether some choice within the task asks for the field, for instance another way to sign in. */
function isOfTask(field: Field, task: Task): boolean {
  const step = steps.find((candidate) => candidate.fields.includes(field));
  if (step?.isRelevant({ task }) !== true) return false;
  const choices = step.fields.filter((other) => other.kind === 'choice');
  const drafts = choices.flatMap((choice) =>
    choice.options.map((option) => ({ task, [choice.key]: option.value })),
  );
  return [{ task }, ...drafts.map((draft) => ({ ...draft, task }))].some((draft) => field.isRelevant(draft));
}
