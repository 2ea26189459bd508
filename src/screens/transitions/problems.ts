import { problemsOf } from '../../core/answers/draft.ts';
import { type Draft, fieldOf, type Problem, type Step } from '../../core/steps/index.ts';

/** What stands in the way of leaving the page. */
export function problemsOfPage(step: Step, draft: Draft): readonly Problem[] {
  return problemsOf(step, draft).map(inWordsOfScreen);
}

/** The registry speaks of references, as a file has them; here the password itself is typed. */
function inWordsOfScreen(problem: Problem): Problem {
  const field = fieldOf(problem.key);
  return field?.kind === 'secret' ? { ...problem, message: `${field.label} is missing: type it.` } : problem;
}
