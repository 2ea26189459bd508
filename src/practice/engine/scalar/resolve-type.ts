/** From a written type to SqlType. */

import type { TypeName } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import { type Database, foldName } from '../model.ts';
import type { SqlType, TypeKind } from '../types.ts';

/** What a type without length means: 1 in a declaration, 30 in CAST and CONVERT. */
export type DefaultLength = 1 | 30;

const synonyms: Readonly<Record<string, string>> = {
  integer: 'int',
  dec: 'decimal',
  character: 'char',
  'character varying': 'varchar',
  'char varying': 'varchar',
  charvarying: 'varchar',
  charactervarying: 'varchar',
  'national char': 'nchar',
  'national character': 'nchar',
  'national char varying': 'nvarchar',
  'national character varying': 'nvarchar',
  'national text': 'ntext',
  'binary varying': 'varbinary',
  'double precision': 'float',
  timestamp: 'rowversion',
};

const plain = new Set<string>([
  'bit',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'money',
  'smallmoney',
  'real',
  'text',
  'ntext',
  'image',
  'rowversion',
  'date',
  'smalldatetime',
  'datetime',
  'uniqueidentifier',
  'sql_variant',
]);

const maxLengths: Readonly<Record<string, number>> = {
  char: 8000,
  varchar: 8000,
  binary: 8000,
  varbinary: 8000,
  nchar: 4000,
  nvarchar: 4000,
};

const refused = new Set(['xml', 'hierarchyid', 'geometry', 'geography', 'cursor', 'table', 'json', 'vector']);

/**
 * Resolves a written type; user types through the database. Throws 243 for a type that does not exist (the
 * executor says 2715 for columns and variables, see `unknownType`), 1001, 131 and 2717 for impossible lengths,
 * 1002, 2716, 2750, 183 for precision and scale.
 */
export function resolveType(type: TypeName, database: Database, defaultLength: DefaultLength = 1): SqlType {
  const written = type.name.toLowerCase();
  const name = synonyms[written] ?? written;
  const args = type.arguments;
  if (type.schema === undefined || type.schema.toLowerCase() === 'sys') {
    const system = systemType(name, args, defaultLength, type);
    if (system) return system;
  }
  return userType(type, database);
}

function systemType(
  name: string,
  args: TypeName['arguments'],
  defaultLength: DefaultLength,
  type: TypeName,
): SqlType | undefined {
  if (name === 'sysname') return { kind: 'nvarchar', length: 128 };
  if (plain.has(name)) {
    if (args.length > 0)
      throw new SqlError(
        2716,
        `Column, parameter, or variable #1: Cannot specify a column width on data type ${type.name}.`,
      );
    return { kind: name as TypeKind };
  }
  if (name in maxLengths) return sized(name as TypeKind, args, defaultLength);
  if (name === 'numeric' || name === 'decimal') return exact(name, args);
  if (name === 'float') {
    const bits = args[0] ?? 53;
    if (bits === 'max' || bits < 1 || bits > 53)
      throw new SqlError(
        2750,
        `Column or parameter #1: Specified column precision ${bits} is greater than the maximum precision of 53.`,
      );
    return { kind: bits <= 24 ? 'real' : 'float' };
  }
  if (name === 'time' || name === 'datetime2' || name === 'datetimeoffset') {
    const scale = args[0] ?? 7;
    if (scale === 'max' || scale < 0 || scale > 7)
      throw new SqlError(1002, `Line ${type.at.line}: Specified scale ${scale} is invalid.`, 15);
    return { kind: name, scale };
  }
  if (refused.has(name)) throw new Refusal(`the data type ${name}`);
  return undefined;
}

function sized(kind: TypeKind, args: TypeName['arguments'], defaultLength: DefaultLength): SqlType {
  const length = args[0] ?? defaultLength;
  if (length === 'max') {
    if (kind === 'varchar' || kind === 'nvarchar' || kind === 'varbinary') return { kind, length };
    throw new SqlError(102, "Incorrect syntax near 'max'.", 15);
  }
  if (length < 1) throw new SqlError(1001, `Length or precision specification ${length} is invalid.`, 15);
  const limit = maxLengths[kind] ?? 8000;
  if (length > limit)
    throw new SqlError(
      131,
      `The size (${length}) given to the type '${kind}' exceeds the maximum allowed for any data type (8000).`,
      15,
      3,
    );
  return { kind, length };
}

function exact(kind: 'numeric' | 'decimal', args: TypeName['arguments']): SqlType {
  const [precision = 18, scale = 0] = args;
  if (precision === 'max' || scale === 'max' || precision < 1)
    throw new SqlError(1001, `Length or precision specification ${precision} is invalid.`, 15);
  if (precision > 38)
    throw new SqlError(
      2750,
      `Column or parameter #1: Specified column precision ${precision} is greater than the maximum precision of 38.`,
    );
  if (scale > precision)
    throw new SqlError(
      183,
      `The scale (${scale}) for column or parameter #1 must be within the range 0 to ${precision}.`,
      15,
    );
  return { kind, precision, scale };
}

function userType(type: TypeName, database: Database): SqlType {
  const found = findUserType(type, database);
  if (!found) throw unknownType(type, 'expression');
  return found.base;
}

/** A user-defined alias type by its written name, in the schema that it names or in dbo. */
function findUserType(type: TypeName, database: Database): { readonly base: SqlType } | undefined {
  const schema = foldName(type.schema ?? 'dbo');
  for (const candidate of database.types.values()) {
    if (foldName(candidate.name) === foldName(type.name) && foldName(candidate.schema.name) === schema)
      return candidate;
  }
  return undefined;
}

/** The error for a type that does not exist: 243 in an expression, 2715 for a column, parameter or variable (its number and name). */
export function unknownType(
  type: TypeName,
  where: 'expression' | { readonly index: number; readonly name: string },
): SqlError {
  const name = type.schema === undefined ? type.name : `${type.schema}.${type.name}`;
  if (where === 'expression') return new SqlError(243, `Type ${name} is not a defined system type.`);
  return new SqlError(
    2715,
    `Column, parameter, or variable #${where.index}: Cannot find data type ${name}.`,
    16,
    6,
  );
}
