import type { ColumnShape } from '../../offline/tables/table-shape.ts';
import { typeText } from '../../offline/tracking/column-type.ts';
import { quoteName, quoteString } from '../../sql/identifiers.ts';
import type { TravellingColumn } from '../transfer/columns.ts';

/** A key of the source, each column spelled exactly. Order is the source's alone: no other server need sort alike. */
export type ResumeKey = readonly string[];

const wideTexts = new Set(['nvarchar', 'nchar']);
const narrowTexts = new Set(['varchar', 'char']);
const binaries = new Set(['varbinary', 'binary']);

/** As storedb.Anchor keeps it. */
export const keyAsText = (key: ResumeKey): string => JSON.stringify(key);

/** undefined where there is none, or one that this version did not write: the load then begins anew. */
export function keyFromText(text: string | undefined, columns: number): ResumeKey | undefined {
  if (text === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(text);
    const isKey =
      Array.isArray(key) && key.length === columns && key.every((part) => typeof part === 'string');
    return isKey ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the values of a key can be spelled: SQL Server 2008 R2 has no exact spelling of a float. */
export const isSpelled = ({ from }: TravellingColumn): boolean =>
  from.type !== 'float' && from.type !== 'real';

/** The value again, in the type of the source's column: an index can be searched with it. */
function literal({ from }: TravellingColumn, text: string): string {
  if (binaries.has(from.type)) return /^0x[0-9a-f]*$/i.test(text) ? text : refuse(text);
  if (!wideTexts.has(from.type) && !narrowTexts.has(from.type))
    return `CAST(${quoteString(text)} AS ${typeText(from)})`;
  // By its bytes: a key may hold anything.
  const bytes = Buffer.from(text, 'utf16le').toString('hex');
  const wide = `CAST(0x${bytes} AS nvarchar(${text.length > 4000 ? 'max' : Math.max(1, text.length)}))${collated(from)}`;
  return narrowTexts.has(from.type) ? `CAST(${wide} AS ${typeText(from)})` : wide;
}

function refuse(text: string): never {
  throw new Error(`The key of a load is spelled ${text}.`);
}

const collated = ({ collation }: ColumnShape): string =>
  collation === undefined ? '' : ` COLLATE ${collation.replace(/\W/g, '')}`;

/** That the row's key comes after this one. The first part is what an index can be searched by. */
export function isAfter(
  [column, ...columns]: readonly TravellingColumn[],
  [text = '', ...key]: ResumeKey,
  alias: string,
): string {
  if (column === undefined) return '1 = 0';
  const name = `${alias}.${quoteName(column.from.name)}`;
  const value = literal(column, text);
  return `${name} >= ${value} AND (${name} > ${value} OR (${isAfter(columns, key, alias)}))`;
}
