import { type Action, batchesOf, type Plan } from '../core/plan/index.ts';
import { quoteName } from '../core/sql/identifiers.ts';
import { practiceNotice, riskWord } from '../core/words.ts';

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

/**
 * The plan's T-SQL, batch by batch, as `sqlcmd` takes it: every action says in which database it works. For reading,
 * and for an administrator who insists on running it by hand.
 */
export function planAsSql(plan: Plan): string {
  const hasTwoServers = new Set(plan.actions.map(({ target }) => target.server)).size > 1;
  const parts = plan.actions.map((action, index) => {
    const batches = batchesOf(action);
    const optional = action.need === 'optional' ? ' (optional: may fail)' : '';
    const head = `-- ${index + 1}. ${oneLine(action.title)}${optional}`;
    if (action.kind === 'operation')
      return [head, ...action.describes.map((line) => `--   ${oneLine(line)}`)].join('\n');
    if (batches.length === 0) return `${head}\n-- Only an entry in the journal.`;
    // Two servers cannot be reached from one script: it says which part belongs where.
    const server = hasTwoServers ? [`-- On the server ${oneLine(action.target.server)}:`] : [];
    return [
      head,
      ...server,
      inBatch(`USE ${quoteName(databaseOf(action))};`),
      ...batches.map(({ sql }) => inBatch(sql)),
    ].join('\n');
  });
  const head = [
    `-- What storedb does on ${oneLine(`${plan.target.server} / ${plan.target.database}`)}.`,
    "-- Not in here, because they are storedb's own: the entries of its journal and the transactions around scripts.",
    '-- Run by hand (sqlcmd -x -i FILE), nothing is undone when a script fails half-way, and storedb does not know',
    '-- afterwards which scripts have run.',
    // sqlcmd switches it off, and indexes on computed columns and filtered indexes then fail.
    inBatch('SET QUOTED_IDENTIFIER ON; SET ANSI_NULLS ON;'),
  ].join('\n');
  return [head, ...parts, ''].join('\n\n');
}

const inBatch = (sql: string): string => `${sql.trimEnd()}\nGO`;

const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ');

/** Where the runner sends an action: see perform.ts of the plan. */
function databaseOf(action: Action): string {
  const isServerWide =
    action.kind === 'create-database' || (action.kind === 'run-batches' && action.within === 'master');
  return isServerWide ? 'master' : action.target.database;
}
