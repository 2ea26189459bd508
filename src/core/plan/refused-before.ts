import { createHash } from 'node:crypto';
import type { JournalEntry } from './detected.ts';
import type { Action, Finding } from './plan.ts';

/** What an optional action would send, hashed: a later edition of it is tried again. */
export function hashOfAction(action: Extract<Action, { kind: 'run-batches' }>): string {
  const sent = [...action.batches, ...(action.otherwise ?? [])].map(({ sql }) => sql).join('\n');
  const text = action.rememberedAs ?? sent;
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * Leaves out the optional actions that this engine has refused before because it lacks the feature: trying them on
 * every run would change nothing, and "nothing to do" would never come true. They stay visible as warnings.
 * Its verification goes with it.
 */
export function withoutRefused(
  actions: readonly Action[],
  journal: readonly JournalEntry[],
): { readonly actions: readonly Action[]; readonly warnings: readonly Finding[] } {
  const refused = new Set<string>();
  const warnings: Finding[] = [];
  for (const action of actions) {
    if (action.kind !== 'run-batches' || action.need !== 'optional') continue;
    const sha256 = hashOfAction(action);
    const entry = journal.find(
      (row) => row.outcome === 'refused' && row.scriptId === `action:${action.id}` && row.sha256 === sha256,
    );
    if (entry === undefined) continue;
    refused.add(action.id).add(`verify:${action.id}`);
    warnings.push({
      code: 'engine-lacks',
      message: `This server cannot do it: ${action.title} (refused before with error ${entry.errorNumber ?? 'unknown'}).`,
      hint: action.hint ?? 'Nothing to do if the server is to stay what it is.',
    });
  }
  return { actions: actions.filter(({ id }) => !refused.has(id)), warnings };
}
