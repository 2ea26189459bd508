import { relevantSteps } from '../core/answers/draft.ts';
import type { Draft, Step } from '../core/steps/index.ts';
import type { Page, WizardState } from './wizard.ts';

/** The pages that these answers lead through, in order. */
export function pagesOf(draft: Draft): readonly Page[] {
  return [...relevantSteps(draft).map((step) => step.id), 'review', 'progress', 'result'];
}

/** The step whose questions the page asks; undefined on the pages after them. */
export function stepOf({ page, draft }: Pick<WizardState, 'page' | 'draft'>): Step | undefined {
  return relevantSteps(draft).find((step) => step.id === page);
}

/** "Step 3 of 7": where the page is among all. */
export function placeOf(page: Page, draft: Draft): { readonly number: number; readonly count: number } {
  const pages = pagesOf(draft);
  return { number: pages.indexOf(page) + 1, count: pages.length };
}

/** The page `by` places further on; undefined when there is none. */
export function pageBeside(
  { page, draft }: Pick<WizardState, 'page' | 'draft'>,
  by: 1 | -1,
): Page | undefined {
  const pages = pagesOf(draft);
  return pages[pages.indexOf(page) + by];
}

/** A step in a list; the title of the first page is a question. */
export function stepName({ title }: Pick<Step, 'title'>): string {
  return title.endsWith('?') ? 'Task' : title;
}
