import { fileURLToPath } from 'node:url';
import { loadPack, packFilesOnDisk, type SchemaPack } from '../../src/core/schema/index.ts';
import { parseBatch } from '../../src/practice/language/parser.ts';
import type {
  ColumnDefinition,
  ConstraintDefinition,
  Statement,
} from '../../src/practice/language/syntax.ts';

export const sqlFolder = fileURLToPath(new URL('../../sql', import.meta.url));

export type PackColumn = {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly isIdentity: boolean;
  /** undefined without a default, '' for a default without a name of its own. */
  readonly defaultName: string | undefined;
};

export type PackTable = {
  readonly name: string;
  readonly columns: PackColumn[];
  readonly key: readonly string[];
  readonly isKeyClustered: boolean;
  /** Clustered indexes besides the key. */
  readonly otherClustered: string[];
};

/** The built-in pack as the product loads it. */
export const builtinPack = (): Promise<SchemaPack> => loadPack('builtin', packFilesOnDisk(sqlFolder));

/** The tables that the scripts of a pack make, as their statements say. */
export function tablesOf(pack: SchemaPack): ReadonlyMap<string, PackTable> {
  const tables = new Map<string, PackTable>();
  for (const script of pack.scripts)
    for (const batch of script.batches)
      for (const statement of parseBatch(batch.sql).statements) take(statement, tables);
  return tables;
}

function take(statement: Statement, tables: Map<string, PackTable>): void {
  if (statement.kind === 'create-table') {
    const { columns, constraints } = statement.definition;
    const key = [...constraints, ...columns.flatMap((column) => column.constraints)].find(isPrimaryKey);
    const keyColumns = key?.columns.map(({ name }) => name) ?? [];
    tables.set(statement.name.name, {
      name: statement.name.name,
      columns: columns.map((column) => columnOf(column, keyColumns)),
      key: keyColumns,
      isKeyClustered: key?.isClustered ?? true,
      otherClustered: constraints.filter(isClusteredUnique).map(({ name }) => name ?? ''),
    });
  } else if (statement.kind === 'alter-table' && statement.change.kind === 'add') {
    tableNamed(statement.name.name, tables).columns.push(
      ...statement.change.columns.map((column) => columnOf(column, [])),
    );
  } else if (statement.kind === 'create-index') {
    if (statement.index.isClustered)
      tableNamed(statement.table.name, tables).otherClustered.push(statement.index.name);
  } else {
    throw new Error(`a statement that this test does not read: ${statement.kind}`);
  }
}

type KeyConstraint = Extract<ConstraintDefinition, { kind: 'primary-key' | 'unique' }>;

function isPrimaryKey(constraint: ConstraintDefinition): constraint is KeyConstraint {
  return constraint.kind === 'primary-key';
}

function isClusteredUnique(constraint: ConstraintDefinition): constraint is KeyConstraint {
  return constraint.kind === 'unique' && constraint.isClustered === true;
}

function tableNamed(name: string, tables: ReadonlyMap<string, PackTable>): PackTable {
  const table = tables.get(name);
  if (table === undefined) throw new Error(`the table ${name} is changed before it is made`);
  return table;
}

function columnOf(column: ColumnDefinition, key: readonly string[]): PackColumn {
  const byDefault = column.constraints.find((constraint) => constraint.kind === 'default');
  return {
    name: column.name.text,
    type: column.type?.name.toLowerCase() ?? 'computed',
    isRequired: column.isNullable === false || key.includes(column.name.text),
    isIdentity: column.identity !== undefined,
    defaultName: byDefault && (byDefault.name ?? ''),
  };
}
