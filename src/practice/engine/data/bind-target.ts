/** Finds the table that UPDATE or DELETE changes among the tables of its FROM clause. */

import type { DataStatement } from '../../language/syntax.ts';
import { Refusal, SqlError } from '../extension.ts';
import { foldName } from '../model.ts';
import type { Binding } from '../query/binding.ts';
import { addLeaf, bindFrom, type Leaf, type SourceTree } from '../query/from.ts';
import { columnsOfTable } from '../query/table-names.ts';
import { findTarget, type Target, tableVariableTarget } from './targets.ts';

type Statement = DataStatement & { readonly kind: 'update' | 'delete' };

export type BoundTarget = { readonly target: Target; readonly slot: number; readonly tree: SourceTree };

const leaves = (tree: SourceTree | undefined): Leaf[] =>
  tree === undefined ? [] : tree.kind === 'leaf' ? [tree] : [...leaves(tree.left), ...leaves(tree.right)];

export const bindTarget = (
  statement: Statement,
  binding: Binding,
  permission: 'UPDATE' | 'DELETE',
): BoundTarget => {
  const tree = bindFrom(statement.from, binding);
  const { target: written } = statement;
  const found = leafOf(written, tree, binding);
  if (found === undefined) {
    if (
      written.kind === 'table' &&
      binding.context.commonTables.has(foldName(written.name.name)) &&
      written.name.schema === undefined
    ) {
      throw new Refusal(`${permission} of a common table expression`);
    }
    const target = findTarget(written, binding.context, permission);
    if (
      binding.context.checksAccess &&
      target.table.name.startsWith('@') === false &&
      statement.where !== undefined
    ) {
      binding.context.accesses.push({
        permission: 'SELECT',
        database: target.database,
        object: target.table,
      });
    }
    const leaf = addTarget(written, target, undefined, binding);
    return {
      target,
      slot: leaf.slot,
      tree: tree === undefined ? leaf : { kind: 'join', type: 'inner', left: leaf, right: tree, on: [] },
    };
  }
  const { content } = found;
  if (content.kind === 'rows')
    throw new Refusal(`${permission} of a derived table, view or common table expression`);
  if (content.kind === 'table-variable') {
    return {
      target: tableVariableTarget(content.name, binding.context),
      slot: found.slot,
      tree: tree ?? found,
    };
  }
  const { table, database } = content.locked;
  if (binding.context.checksAccess) binding.context.accesses.push({ permission, database, object: table });
  return {
    target: { table, database, resolve: () => table },
    slot: found.slot,
    tree: tree ?? found,
  };
};

/** Adds the table that a statement changes to its tables, under its alias or its own name. */
export const addTarget = (
  written: Statement['target'],
  target: Target,
  alias: string | undefined,
  binding: Binding,
): Leaf => {
  const columns = columnsOfTable(target.table);
  if (written.kind === 'table-variable')
    return addLeaf(binding, { name: alias ?? written.name }, columns, {
      kind: 'table-variable',
      name: written.name,
    });
  const { table, database } = target;
  const name =
    alias === undefined
      ? { name: written.name.name, schema: table.schema.name, database: database.name }
      : { name: alias };
  const { hints } = written;
  return addLeaf(binding, name, columns, {
    kind: 'table',
    locked: { table, database },
    hints,
    isPrivate: false,
  });
};

const leafOf = (
  written: Statement['target'],
  tree: SourceTree | undefined,
  binding: Binding,
): Leaf | undefined => {
  const all = leaves(tree);
  const bySlot = new Map(binding.tables.map((table) => [table.slot, table]));
  if (written.kind === 'table-variable') {
    return all.find((leaf) => leaf.content.kind === 'table-variable' && leaf.content.name === written.name);
  }
  const { name } = written;
  const folded = foldName(name.name);
  const byName = all.filter((leaf) => foldName(bySlot.get(leaf.slot)?.name ?? '') === folded);
  const isBare = name.schema === undefined && name.database === undefined;
  if (isBare && byName.length === 1) return byName[0];
  const named = all.filter((leaf) => {
    if (leaf.content.kind !== 'table') return false;
    const { table } = leaf.content.locked;
    return (
      foldName(table.name) === folded &&
      (name.schema === undefined || foldName(name.schema) === foldName(table.schema.name))
    );
  });
  if (named.length > 1) {
    throw new SqlError(8154, `The table '${name.name}' is ambiguous.`);
  }
  return named[0];
};
