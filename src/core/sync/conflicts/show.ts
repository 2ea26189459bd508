import { readTableShapes } from '../../offline/tables/read-table-shapes.ts';
import { type TableShape, travellingColumns } from '../../offline/tables/table-shape.ts';
import { conflictTable } from '../../offline/tracking/names.ts';
import { keyColumns } from '../../offline/tracking/statements.ts';
import { fold } from '../../plan/detect/ask.ts';
import { quoteName, quoteNames } from '../../sql/identifiers.ts';
import type { SqlSession } from '../../sql/session.ts';
import { keysTable } from '../window/keys-table.ts';
import { asText, readRowText } from '../window/row-text.ts';
import {
  type ConflictSides,
  type ConflictSummary,
  openStates,
  placeOf,
  sessionOf,
  unknownConflict,
} from './conflict.ts';
import { type ConflictRow, conflictColumns, summaryOf } from './list.ts';

/** A column in three versions, as exact text: null = NULL; undefined = no such row or column, or the side is out of reach. */
export type ConflictColumn = {
  readonly column: string;
  readonly parked: string | null | undefined;
  readonly store: string | null | undefined;
  readonly offline: string | null | undefined;
};

export type ConflictDetail = ConflictSummary & {
  /** What is parked is a deletion. */
  readonly isGone: boolean;
  /** The key first, then the columns in the order of the table. */
  readonly columns: readonly ConflictColumn[];
};

/** A parked row beside what both databases have under its key now. Throws `conflict-unknown`. */
export async function showConflict(
  sides: ConflictSides,
  id: string,
  signal: AbortSignal,
): Promise<ConflictDetail> {
  const { where, number } = placeOf(id);
  const [row] = await sessionOf(sides, where, id).query<ConflictRow>(
    `SELECT ${conflictColumns} FROM ${conflictTable} WHERE ConflictId = @number AND ${openStates}`,
    { number },
    signal,
  );
  if (row === undefined) throw unknownConflict(id);
  const key: Version = readRowText(row.keyText) ?? new Map();
  const parked = row.rowText === null ? key : readRowText(row.rowText);
  const store = await presentRow(sides.store, row, signal);
  const offline = await presentRow(sides.offline, row, signal);
  const names = new Map<string, string>();
  for (const version of [key, parked, store, offline])
    for (const name of version?.keys() ?? []) names.set(fold(name), names.get(fold(name)) ?? name);
  const [inParked, inStore, inOffline] = [parked, store, offline].map(folded);
  return {
    ...summaryOf(row, where),
    isGone: row.rowText === null,
    columns: [...names].map(([name, column]) => ({
      column,
      parked: inParked?.get(name),
      store: inStore?.get(name),
      offline: inOffline?.get(name),
    })),
  };
}

type Version = ReadonlyMap<string, string | null>;

const folded = (version: Version | undefined): Version | undefined =>
  version && new Map([...version].map(([name, value]) => [fold(name), value]));

async function presentRow(
  session: SqlSession | undefined,
  { table, keyText }: ConflictRow,
  signal: AbortSignal,
): Promise<Version | undefined> {
  if (session === undefined) return undefined;
  const shape = (await readTableShapes(session, signal)).get(fold(table));
  if (shape === undefined) return undefined;
  const columns = travellingColumns(shape);
  const keys = keysTable(shape, [keyText]);
  if (keys === undefined) return undefined;
  const [row] = await session.query<Readonly<Record<string, string | null>>>(
    rowQuery(shape, columns, keys),
    {},
    signal,
  );
  return row && new Map(columns.map(({ name }, index) => [name, row[`c${index}`] ?? null]));
}

/** Names of columns may be anything, and the driver gives two of one name as a list: the answer's are numbered. */
function rowQuery(shape: TableShape, columns: TableShape['columns'], keys: string): string {
  const values = columns.map(
    (column, index) => `${asText(column, `b.${quoteName(column.name)}`)} AS c${index}`,
  );
  const match = keyColumns(shape).map(({ name }) => `b.${quoteName(name)} = k.${quoteName(name)}`);
  return `SELECT ${values.join(', ')} FROM ${keys} JOIN ${quoteNames(shape.schema, shape.name)} AS b ON ${match.join(' AND ')}`;
}
