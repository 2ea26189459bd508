import { selfId } from '../../offline/replicas/replica.ts';
import { conflictTable, replicaTable } from '../../offline/tracking/names.ts';
import type { SqlSession } from '../../sql/session.ts';
import { readRowText } from '../window/row-text.ts';
import { type ConflictSides, type ConflictSummary, idOf, openStates } from './conflict.ts';

export type ConflictRow = Omit<ConflictSummary, 'id' | 'where' | 'key' | 'errorNumber' | 'isMarked'> & {
  readonly number: number;
  readonly keyText: string;
  readonly rowText: string | null;
  readonly errorNumber: number | null;
  readonly status: string;
};

export const conflictColumns = `ConflictId AS number, ScopeName AS scope, TableName AS [table], KeyText AS keyText, RowText AS rowText,
  Reason AS reason, Message AS message, ErrorNumber AS errorNumber, Attempts AS attempts, ParkedUtc AS parkedUtc, Status AS status`;

/** All open ones of the register, the oldest first: those of the store, then its own. */
export async function listConflicts(
  sides: ConflictSides,
  signal: AbortSignal,
): Promise<readonly ConflictSummary[]> {
  const found: ConflictSummary[] = [];
  for (const where of ['store', 'offline'] as const) {
    const session = sides[where];
    if (session === undefined) continue;
    const { condition, parameters } = where === 'store' ? await ofRegister(sides, signal) : everyone;
    const rows = await session.query<ConflictRow>(
      `SELECT ${conflictColumns} FROM ${conflictTable} WHERE ${openStates}${condition} ORDER BY ConflictId`,
      parameters,
      signal,
    );
    found.push(...rows.map((row) => summaryOf(row, where)));
  }
  return found;
}

type Filter = { readonly condition: string; readonly parameters: Readonly<Record<string, string>> };
const everyone: Filter = { condition: '', parameters: {} };

/** Of the store's conflicts, those of the register whose database is at hand, and of its earlier databases. */
export async function ofRegister({ offline }: ConflictSides, signal: AbortSignal): Promise<Filter> {
  const registerId = offline === undefined ? undefined : await registerOf(offline, signal);
  if (registerId === undefined) return everyone;
  return {
    condition: ` AND PeerId IN (SELECT LocalId FROM ${replicaTable} WHERE LOWER(RegisterId) = LOWER(@registerId) AND Kind = N'offline')`,
    parameters: { registerId },
  };
}

async function registerOf(offline: SqlSession, signal: AbortSignal): Promise<string | undefined> {
  const [self] = await offline.query<{ registerId: string }>(
    `SELECT RegisterId AS registerId FROM ${replicaTable} WHERE LocalId = ${selfId}`,
    {},
    signal,
  );
  return self?.registerId;
}

export function summaryOf(row: ConflictRow, where: ConflictSummary['where']): ConflictSummary {
  const { number, keyText, rowText: _, errorNumber, status, ...rest } = row;
  return {
    ...rest,
    id: idOf(where, number),
    where,
    // A text that somebody has changed is shown as it is.
    key: readable(keyText) ?? keyText,
    errorNumber: errorNumber ?? undefined,
    isMarked: status === 'retry',
  };
}

const readable = (text: string): string | undefined => {
  const values = readRowText(text);
  return values && [...values].map(([name, value]) => `${name}=${value ?? 'NULL'}`).join(', ');
};
