import type { ColumnShape, TableShape } from '../offline/tables/table-shape.ts';
import { keyColumns } from '../offline/tracking/statements.ts';
import { quoteName, quoteNames } from '../sql/identifiers.ts';

/** Rows and a checksum over their contents, independent of the order of rows. */
export type Contents = { readonly rows: string; readonly checksum: string };

/** HASHBYTES takes 8,000 bytes before SQL Server 2016; the texts are nvarchar, two bytes a character. */
const mostCharacters = 3_900;
/** Of long values: the beginning and the end are compared, and the length. */
const sampleCharacters = 800;

/**
 * A statement that yields `rows` and `checksum` of a table as text, over these columns. Each row is hashed with its
 * key in every part of it, so that exchanging values between rows changes the sum. BINARY_CHECKSUM would be shorter,
 * but takes some different rows for equal, and not every engine has it.
 */
export function contentsQuery(shape: TableShape, columns: readonly ColumnShape[], where = ''): string {
  const key = keyColumns(shape);
  const rest = columns.filter(({ name }) => !shape.primaryKey.includes(name));
  const keyLength = key.reduce((sum, column) => sum + lengthOf(column), 0);
  const parts: ColumnShape[][] = [[]];
  let room = mostCharacters - keyLength;
  for (const column of rest) {
    if (lengthOf(column) > room && parts.at(-1)?.length !== 0) {
      parts.push([]);
      room = mostCharacters - keyLength;
    }
    parts.at(-1)?.push(column);
    room -= lengthOf(column);
  }
  const sums = parts.map((part) => {
    const text = [...key, ...part].map(canonicalText).join(' + ');
    // Seven bytes fit a bigint without its sign; the sum is numeric, which a table of any size does not overflow.
    return `CAST(CAST(SUBSTRING(HASHBYTES('MD5', ${text}), 1, 7) AS bigint) AS numeric(38, 0))`;
  });
  return `SELECT CAST(COUNT_BIG(*) AS varchar(20)) AS [rows], CAST(ISNULL(SUM(${sums.join(' + ')}), 0) AS varchar(41)) AS checksum
FROM ${quoteNames(shape.schema, shape.name)}${where}`;
}

/** The longest canonical text of a column, in characters. */
function lengthOf({ type, maxLength }: ColumnShape): number {
  if (isText(type)) {
    const characters = type.startsWith('n') ? maxLength / 2 : maxLength;
    return 14 + (isLong(maxLength, characters) ? 2 * sampleCharacters : characters);
  }
  return 60;
}

const isText = (type: string): boolean => ['nvarchar', 'varchar', 'nchar', 'char'].includes(type);
const isLong = (maxLength: number, characters: number): boolean =>
  maxLength === -1 || characters > 2 * sampleCharacters;

/** nvarchar without NULL: the length first, so that NULL, '' and neighbours that run into each other differ. */
function canonicalText(column: ColumnShape): string {
  const name = quoteName(column.name);
  const value = valueText(column, name);
  return `ISNULL(CAST(DATALENGTH(${name}) AS nvarchar(12)) + N':' + ${value} + N';', N'-;')`;
}

function valueText({ type, maxLength }: ColumnShape, name: string): string {
  if (isText(type)) {
    const characters = type.startsWith('n') ? maxLength / 2 : maxLength;
    const text = `CAST(${name} AS nvarchar(${maxLength === -1 || characters > 4000 ? 'max' : characters}))`;
    return isLong(maxLength, characters)
      ? `CAST(LEFT(${text}, ${sampleCharacters}) + RIGHT(${text}, ${sampleCharacters}) AS nvarchar(${2 * sampleCharacters}))`
      : text;
  }
  switch (type) {
    case 'varbinary':
    case 'binary':
    case 'image':
      return `CONVERT(nvarchar(40), HASHBYTES('MD5', CAST(${name} AS varbinary(8000))), 2)`;
    case 'money':
    case 'smallmoney':
    case 'float':
    case 'real':
      return `CONVERT(nvarchar(40), ${name}, 2)`;
    case 'datetime':
    case 'smalldatetime':
    case 'datetime2':
    case 'date':
    case 'time':
    case 'datetimeoffset':
      return `CONVERT(nvarchar(40), ${name}, 121)`;
    default:
      return `CAST(${name} AS nvarchar(41))`;
  }
}
