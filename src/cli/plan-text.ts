import type { Plan } from '../core/plan/index.ts';
import { practiceNotice, riskWord } from './words.ts';

/** The plan as a technician reads it: facts, numbered actions with what they do to the server, warnings. */
export function planAsText(plan: Plan): string {
  const width = Math.max(0, ...plan.facts.map((fact) => fact.label.length));
  const facts = plan.facts.map((fact) => `  ${fact.label.padEnd(width)}  ${fact.value}`);
  const actions = plan.actions.map(
    (action, index) => `  ${String(index + 1).padStart(3)}  ${action.title}  (${riskWord(action.risk)})`,
  );
  return [
    `${plan.target.server} / ${plan.target.database}`,
    ...facts,
    '',
    ...(actions.length === 0 ? ['Nothing to do.'] : actions),
    ...plan.warnings.flatMap((warning) => ['', `Warning: ${warning.message}`, `Next: ${warning.hint}`]),
    ...(plan.isPracticeServer ? ['', practiceNotice] : []),
  ].join('\n');
}

/** The plan's T-SQL, batch by batch, as `sqlcmd` takes it. */
export function planAsSql(plan: Plan): string {
  const parts = plan.actions.map((action, index) => {
    const batches = 'check' in action ? [action.check] : action.batches;
    const head = `-- ${index + 1}. ${action.title.replace(/[\r\n]+/g, ' ')}`;
    return [head, ...batches.flatMap((batch) => [batch.sql.trimEnd(), 'GO'])].join('\n');
  });
  const target = `${plan.target.server} / ${plan.target.database}`.replace(/[\r\n]+/g, ' ');
  return [`-- What storedb does on ${target}.`, ...parts, ''].join('\n\n');
}
