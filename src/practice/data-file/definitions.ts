/** What of the model is kept as text: syntax trees are left out of the file and parsed again when it is read. */

import type { SchemaObject, Table } from '../engine/model.ts';
import { parseBatch } from '../language/parser.ts';
import type { Condition, Expression, Statement } from '../language/syntax.ts';

const moduleParts: Readonly<Record<string, readonly string[]>> = {
  view: ['query'],
  procedure: ['parameters', 'body'],
  'scalar-function': ['parameters', 'body'],
  'table-function': ['parameters', 'query'],
  trigger: ['body'],
};

/** Rows and counters are kept apart, and trees beside the text that they come from. */
export function isLeftOut(owner: object, key: string): boolean {
  if (key === 'storage') return true;
  if (key === 'last') return 'increment' in owner;
  if (key === 'rowversion') return 'principals' in owner;
  if (key === 'expression' || key === 'condition') return 'text' in owner;
  const kind = 'kind' in owner ? String(owner.kind) : '';
  return (moduleParts[kind]?.includes(key) ?? false) && 'text' in owner;
}

/** Texts with a double quote mean one thing or another, depending on the SET option when they were written. */
export function wasQuotedIdentifier(object: SchemaObject): boolean {
  const names = moduleParts[object.kind];
  if (names === undefined || !('text' in object) || !object.text.includes('"')) return true;
  const trees = JSON.stringify(partsOf(object, names), bigintsAsText);
  return JSON.stringify(partsOf(parseModule(object.text, true), names), bigintsAsText) === trees;
}

const bigintsAsText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

const partsOf = (owner: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(owner).filter(([key]) => names.includes(key)));

function parseModule(text: string, quotedIdentifier: boolean): object {
  const statement = parseBatch(text, { quotedIdentifier }).statements.find(({ kind }) =>
    /^create-/.test(kind),
  );
  if (statement === undefined) throw new Error('a module without its text');
  if (statement.kind !== 'create-function') return statement;
  const { returns, parameters } = statement;
  return { parameters, ...returns };
}

/** Gives a module its trees again. Throws SyntaxProblem when the text means nothing any more. */
export function reviveModule(object: SchemaObject, quotedIdentifier: boolean): void {
  const names = moduleParts[object.kind];
  if (names === undefined || !('text' in object)) return;
  Object.assign(object, partsOf(parseModule(object.text, quotedIdentifier), names));
}

/** Gives the defaults, checks, computed columns and filters of a table their trees again. */
export function reviveTable(table: Table): void {
  for (const { computed } of table.columns)
    if (computed !== undefined) Object.assign(computed, { expression: parseExpression(computed.text) });
  for (const { filter } of table.indexes)
    if (filter !== undefined) Object.assign(filter, { condition: parseCondition(filter.text) });
  for (const { definition } of table.constraints) {
    if (definition.kind === 'default')
      Object.assign(definition, { expression: parseExpression(definition.text) });
    if (definition.kind === 'check')
      Object.assign(definition, { condition: parseCondition(definition.text) });
  }
}

const only = (text: string): Statement | undefined => parseBatch(text).statements[0];

function parseExpression(text: string): Expression {
  const statement = only(`select ${text}`);
  const body = statement?.kind === 'query' ? statement.query.body : undefined;
  const item = body?.kind === 'select' ? body.items[0] : undefined;
  if (item?.kind !== 'expression') throw new Error(`no expression: ${text}`);
  return item.expression;
}

function parseCondition(text: string): Condition {
  const statement = only(`select 1 where ${text}`);
  const body = statement?.kind === 'query' ? statement.query.body : undefined;
  if (body?.kind !== 'select' || body.where === undefined) throw new Error(`no condition: ${text}`);
  return body.where;
}
