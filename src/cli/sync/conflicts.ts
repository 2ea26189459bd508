import { hostname } from 'node:os';
import { type ExitName, ExpectedError } from '../../core/errors.ts';
import {
  acceptConflicts,
  type ConflictDetail,
  type ConflictSides,
  type ConflictSummary,
  listConflicts,
  retryConflicts,
  showConflict,
} from '../../core/sync/conflicts/index.ts';
import { clockTime } from '../../core/words.ts';
import type { GlobalOptions } from '../global-options.ts';
import { print } from '../lost-output.ts';
import { warn } from '../warn.ts';
import { withConflictSides } from './conflict-sides.ts';
import { type SyncOptions, withRegister } from './register.ts';

export type ConflictOptions = SyncOptions & {
  readonly what: 'list' | 'show' | 'retry' | 'accept';
  readonly ids: readonly string[];
  readonly all: boolean;
  readonly json: boolean;
};

/** `storedb sync conflicts`: the rows that could not be applied, to be looked at and worked off. */
export async function syncConflicts(options: ConflictOptions, globals: GlobalOptions): Promise<ExitName> {
  refuseVague(options);
  return await withRegister(
    options,
    globals,
    () => undefined,
    async ({ input, signal, setup }) =>
      await withConflictSides(
        input,
        signal,
        ({ message, hint }) => warn(`${message} ${hint}`),
        async (sides) => {
          const by = `${setup.operator.osUser} on ${hostname()}`;
          const { text, value, exit } = await answer(options, sides, by, signal);
          await print(options.json ? `${JSON.stringify(value)}\n` : `${text.join('\n')}\n`);
          return exit;
        },
      ),
  );
}

type Answer = { readonly text: readonly string[]; readonly value: unknown; readonly exit: ExitName };

async function answer(
  { what, ids, all }: ConflictOptions,
  sides: ConflictSides,
  by: string,
  signal: AbortSignal,
): Promise<Answer> {
  switch (what) {
    case 'list': {
      const rows = await listConflicts(sides, signal);
      return { text: listLines(rows), value: rows, exit: rows.length === 0 ? 'done' : 'verifyFoundProblems' };
    }
    case 'show': {
      const details: ConflictDetail[] = [];
      for (const id of ids) details.push(await showConflict(sides, id, signal));
      return { text: details.flatMap(detailLines), value: details, exit: 'done' };
    }
    case 'retry': {
      const marked = await retryConflicts(sides, all ? 'all' : ids, signal);
      const text = `${counted(marked)} will be tried again by the next run (storedb sync once).`;
      return { text: [text], value: { marked }, exit: 'done' };
    }
    case 'accept': {
      const accepted = await acceptConflicts(sides, ids, by, signal);
      const text = `${counted(accepted)} given up: the databases keep what they have; the parked version is kept in the record.`;
      return { text: [text], value: { accepted }, exit: 'done' };
    }
  }
}

function refuseVague({ what, ids, all }: ConflictOptions): void {
  if (what === 'list' || ids.length > 0 || (what === 'retry' && all)) return;
  throw new ExpectedError({
    code: 'no-conflict-named',
    exit: 'usage',
    message: `Which parked row? "conflicts ${what}" needs its number.`,
    hint: `See the numbers with: storedb sync conflicts list ANSWERS${what === 'retry' ? ', or use --all' : ''}`,
  });
}

/** One row of the list in two lines: what it is, and why it is there. */
export function listLines(rows: readonly ConflictSummary[]): readonly string[] {
  if (rows.length === 0) return ['No row is parked.'];
  const width = Math.max(...rows.map(({ id }) => id.length));
  return rows.flatMap(({ id, table, key, message, isMarked, parkedUtc }) => [
    `${id.padEnd(width)}  ${table}  ${key}`,
    `${' '.repeat(width)}  ${dayOf(parkedUtc)} ${clockTime(parkedUtc)}  ${message}${isMarked ? ' Tried again by the next run.' : ''}`,
  ]);
}

/** A parked row with its versions, what differs marked. Values are whole: a digit may be all that matters. */
export function detailLines(detail: ConflictDetail): readonly string[] {
  const value = (text: string | null | undefined) =>
    text === undefined ? '(no such row)' : (text ?? 'NULL');
  return [
    `${detail.id}  ${detail.table}  ${detail.key}`,
    `  ${detail.message}`,
    `  In the ${detail.where === 'store' ? 'store' : 'register'}'s database, scope ${detail.scope}, tried ${detail.attempts === 1 ? 'once' : `${detail.attempts} times`}`,
    ...detail.columns.flatMap(({ column, parked, store, offline }) =>
      parked === store && parked === offline
        ? [`    ${column}  ${value(parked)}`]
        : [
            `  ! ${column}`,
            `      parked        ${detail.isGone ? 'deleted' : value(parked)}`,
            `      store now     ${value(store)}`,
            `      register now  ${value(offline)}`,
          ],
    ),
  ];
}

const counted = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);

const dayOf = (at: Date): string =>
  `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
