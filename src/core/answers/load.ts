import { ExpectedError } from '../errors.ts';
import { type DraftValue, type Field, fieldOf, steps } from '../steps/index.ts';
import type { Answers } from './answers.ts';
import { type AnswersDocument, type PlacedProblem, readDocument } from './document.ts';
import { type Draft, problemsOfDraft, relevantSteps, toAnswers } from './draft.ts';
import { applyOverrides } from './overrides.ts';

/**
 * The answers of a YAML or JSON text, with `--set` overrides applied before anything is checked. Throws ExpectedError
 * `answers-invalid` that lists every problem as `FILE:LINE: key: what is wrong, what to write`; no value is repeated.
 */
export function parseAnswers(text: string, fileName: string, overrides: readonly string[] = []): Answers {
  return answersOf(applyOverrides(readDocument(text, fileName), overrides));
}

/** The answers of a document; throws like `parseAnswers`. */
export function answersOf(document: AnswersDocument): Answers {
  const draft = draftOf(document);
  // A file that cannot be read as a whole would only seem to lack things.
  const isReadable = document.values.size > 0 || document.problems.length === 0;
  const problems = isReadable
    ? [...document.problems, ...versionProblems(document), ...valueProblems(document, draft)]
    : document.problems;
  if (problems.length === 0) return toAnswers(draft);
  const lines = [...problems]
    .sort((one, other) => one.line - other.line)
    .map(({ place, key, message }) => [place, key, message].filter((part) => part !== '').join(': '));
  throw new ExpectedError({
    code: 'answers-invalid',
    exit: 'answers',
    message: lines.join('\n'),
    hint: 'Correct this and run the command again. "storedb answers template" shows every key with its meaning.',
    details: { file: document.fileName, problems: problems.length },
  });
}

function draftOf(document: AnswersDocument): Draft {
  return Object.fromEntries(
    [...document.values].flatMap(([key, written]): [string, DraftValue][] => {
      const field = fieldOf(key);
      return field === undefined ? [] : [[key, typedValue(field, written.value)]];
    }),
  );
}

function typedValue(field: Field, text: string): DraftValue {
  if (field.kind !== 'switch') return text;
  const word = text.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : text;
}

function versionProblems(document: AnswersDocument): readonly PlacedProblem[] {
  const version = document.values.get('version')?.value.trim();
  if (version === '1') return [];
  if (version === undefined) return [placed(document, 'version', 'The version is missing: write version: 1')];
  return [
    placed(
      document,
      'version',
      'This storedb knows version 1 only: write version: 1, or use a newer storedb.',
    ),
  ];
}

function valueProblems(document: AnswersDocument, draft: Draft): readonly PlacedProblem[] {
  const reported = new Set(document.problems.map((problem) => problem.key));
  const found = problemsOfDraft(draft);
  const unused = unusedProblems(draft, new Set([...reported, ...found.map((problem) => problem.key)]));
  return [...found, ...unused]
    .filter((problem) => !reported.has(problem.key))
    .map(({ key, message }) => placed(document, key, message));
}

/** What stands in the file although the other answers make no use of it: whoever wrote it expects something else. */
function unusedProblems(draft: Draft, reported: ReadonlySet<string>) {
  const relevant = relevantSteps(draft);
  return steps.flatMap((step) =>
    step.fields.flatMap((field) => {
      if (draft[field.key] === undefined) return [];
      const isStepUsed = relevant.includes(step);
      if (isStepUsed && (field.isRelevant(draft) || field.isKeptUnasked)) return [];
      const issue =
        field.kind === 'secret' ? field.schema.safeParse(draft[field.key]).error?.issues[0] : undefined;
      if (issue !== undefined) return [{ key: field.key, message: issue.message }];
      // As long as the choice itself is wrong or missing, nobody knows what it makes use of.
      const choice = isStepUsed ? field.key.replace(/[^.]+$/, 'kind') : 'task';
      if (reported.has(choice)) return [];
      return [{ key: field.key, message: `Not used with ${choice} ${String(draft[choice])}: remove it.` }];
    }),
  );
}

function placed(document: AnswersDocument, key: string, message: string): PlacedProblem {
  const written = document.values.get(key);
  const line = lineOf(document, key);
  const place = written?.place ?? `${document.fileName}:${line}`;
  const isEscaped = written?.isEscaped === true && fieldOf(key)?.kind !== 'secret';
  const more = isEscaped ? ' In double quotes a backslash is written twice; in single quotes once.' : '';
  return { place, line, key, message: `${message}${more}` };
}

/** The line of the key, or of the nearest group around it that is there. */
function lineOf(document: AnswersDocument, key: string): number {
  for (let path = key; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('.')))) {
    const line = document.lines.get(path);
    if (line !== undefined) return line;
  }
  return 1;
}
