import type { ColumnShape } from '../../offline/tables/table-shape.ts';
import { typeText } from '../../offline/tracking/column-type.ts';
import { keyColumns } from '../../offline/tracking/statements.ts';
import { fold } from '../../plan/detect/ask.ts';
import type { Finding } from '../../plan/plan.ts';
import { commonColumns, schemaHash, type TravellingColumn } from '../transfer/columns.ts';
import type { Natives } from '../transfer/natives.ts';
import { narrows } from './narrowing.ts';
import type { WindowTable } from './order.ts';
import { type WholeReason, wholeReason } from './whole.ts';

/** A table of a window with what travels of it. */
export type OpenTable = WindowTable & {
  readonly columns: readonly TravellingColumn[];
  readonly schemaHash: string;
  readonly whole: WholeReason | undefined;
};

/** The table as it can travel, or why it cannot; the others of its scope go on without it. */
export function openTable(table: WindowTable, natives: Natives): OpenTable | Finding {
  const columns = commonColumns(table.from, table.to, natives);
  const finding = strangeType(table, columns) ?? otherKey(table, columns) ?? tooNarrow(table, columns);
  if (finding !== undefined) return finding;
  const hash = schemaHash(columns);
  return { ...table, columns, schemaHash: hash, whole: wholeReason(table, hash) };
}

function strangeType({ to }: WindowTable, columns: readonly TravellingColumn[]): Finding | undefined {
  const strange = columns.find(({ passage }) => passage === undefined);
  if (strange === undefined) return undefined;
  return notSynchronised(
    to.name,
    `the column ${strange.name} is of type ${strange.type}, which does not travel`,
    'Take the table out of the scope, or give the column another type.',
  );
}

function otherKey({ from, to }: WindowTable, columns: readonly TravellingColumn[]): Finding | undefined {
  const text = (key: readonly ColumnShape[]) => key.map(({ name }) => fold(name)).join();
  const key = keyColumns(to);
  const travels = key.every(({ name }) => columns.some((column) => column.name === name));
  if (key.length > 0 && travels && text(key) === text(keyColumns(from))) return undefined;
  return notSynchronised(to.name, 'it has another primary key on the other side', sameVersion);
}

function tooNarrow({ to }: WindowTable, columns: readonly TravellingColumn[]): Finding | undefined {
  const narrow = columns.find((column) => narrows(column.from, column));
  if (narrow === undefined) return undefined;
  return notSynchronised(
    to.name,
    `the column ${narrow.name} is ${typeText(narrow.from)} where its rows come from and ${typeText(narrow)} where they go, which does not hold every value`,
    sameVersion,
  );
}

const sameVersion = 'Bring both databases to the same version of the schema.';

const notSynchronised = (table: string, why: string, hint: string): Finding => ({
  code: 'table-not-synchronisable',
  message: `${table} is not synchronised: ${why}.`,
  hint,
});
