import type { ColumnShape } from '../../offline/tables/table-shape.ts';

const integers = ['bit', 'tinyint', 'smallint', 'int', 'bigint'];
/** Digits before the point that an integer may have. */
const integerDigits = new Map([
  ['bit', 1],
  ['tinyint', 3],
  ['smallint', 5],
  ['int', 10],
  ['bigint', 19],
]);

/** Whether some value of `from` does not fit `to`, or only with a loss; other types count as narrower. */
export function narrows(from: ColumnShape, to: ColumnShape): boolean {
  if (isText(from) && isText(to)) return losesText(from, to);
  if (isBinary(from) && isBinary(to))
    return longer(from, to) || (to.type === 'binary' && from.type !== to.type);
  if (isInteger(from) && isInteger(to)) return integers.indexOf(from.type) > integers.indexOf(to.type);
  if (isExact(to) && (isExact(from) || isInteger(from)))
    return scaleOf(from) > scaleOf(to) || digitsOf(from) > digitsOf(to);
  if (from.type !== to.type) return !widenings.has(`${from.type} ${to.type}`);
  // A float is one of two sizes; of the times, the scale says how fine they are.
  return from.precision > to.precision || from.scale > to.scale;
}

const widenings: ReadonlySet<string> = new Set([
  'smallmoney money',
  'smalldatetime datetime',
  'smalldatetime datetime2',
  'date datetime2',
  'real float',
]);

const isText = ({ type }: ColumnShape): boolean => ['nvarchar', 'nchar', 'varchar', 'char'].includes(type);
const isBinary = ({ type }: ColumnShape): boolean => ['varbinary', 'binary'].includes(type);
const isInteger = ({ type }: ColumnShape): boolean => integers.includes(type);
const isExact = ({ type }: ColumnShape): boolean => ['numeric', 'decimal'].includes(type);
const isWide = ({ type }: ColumnShape): boolean => type.startsWith('n');
const isPadded = ({ type }: ColumnShape): boolean => type === 'nchar' || type === 'char';

/** Fixed lengths add blanks, code pages lack letters. */
function losesText(from: ColumnShape, to: ColumnShape): boolean {
  if (isPadded(to) && !(isPadded(from) && characters(from) === characters(to))) return true;
  if (isWide(from) && !isWide(to)) return true;
  if (!isWide(from) && !isWide(to) && from.collation !== to.collation) return longer(from, to);
  return characters(to) < characters(from);
}

const characters = (column: ColumnShape): number =>
  column.maxLength === -1 ? Infinity : isWide(column) ? column.maxLength / 2 : column.maxLength;

const longer = (from: ColumnShape, to: ColumnShape): boolean =>
  (from.maxLength === -1 ? Infinity : from.maxLength) > (to.maxLength === -1 ? Infinity : to.maxLength);

const scaleOf = (column: ColumnShape): number => (isExact(column) ? column.scale : 0);
const digitsOf = ({ type, precision, scale }: ColumnShape): number =>
  integerDigits.get(type) ?? precision - scale;
