import { problemsOf } from '../../core/answers/draft.ts';
import { type Draft, fieldOf, type Problem, type Step } from '../../core/steps/index.ts';

/** What stands in the way of leaving the page; the tasks that this version cannot do stop here and not at the plan. */
export function problemsOfPage(step: Step, draft: Draft): readonly Problem[] {
  const problems = problemsOf(step, draft);
  if (problems.length > 0) return problems.map(inWordsOfScreen);
  if (step.id !== 'task' || draft.task === 'store-database') return [];
  return [{ key: 'task', message: 'Not in this version yet: choose Store database.' }];
}

/** The registry speaks of references, as a file has them; here the password itself is typed. */
function inWordsOfScreen(problem: Problem): Problem {
  const field = fieldOf(problem.key);
  return field?.kind === 'secret' ? { ...problem, message: `${field.label} is missing: type it.` } : problem;
}
