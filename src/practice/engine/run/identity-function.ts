/** IDENTITY(type, seed, increment) in the select list of SELECT ... INTO. */

import type { Expression, Query, TypeName } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';

export type NewIdentity = { readonly column: string; readonly seed: bigint; readonly increment: bigint };

type Call = Expression & { readonly kind: 'call' };

const isIdentityCall = (expression: Expression): expression is Call =>
  expression.kind === 'call' &&
  expression.name.schema === undefined &&
  /^identity$/i.test(expression.name.name);

/** The query with NULLs of the right type in the function's place, and what the column is to hold. Throws 102. */
export const takeIdentity = (query: Query): { readonly query: Query; readonly identity?: NewIdentity } => {
  const { body } = query;
  if (body.kind !== 'select') return { query };
  const ordinal = body.items.findIndex(
    (item) => item.kind === 'expression' && isIdentityCall(item.expression),
  );
  const item = body.items[ordinal];
  if (item?.kind !== 'expression' || !isIdentityCall(item.expression)) return { query };
  const call = item.expression;
  const [type, seed, increment] = call.arguments;
  const cast: Expression = {
    kind: 'cast',
    operand: { kind: 'literal', value: { type: 'null' }, at: call.at },
    type: typeOf(type, call),
    isTry: false,
    form: 'cast',
    at: call.at,
  };
  const items = body.items.map((other) => (other === item ? { ...item, expression: cast } : other));
  return {
    query: { ...query, body: { ...body, items } },
    identity: { column: item.alias ?? '', seed: whole(seed), increment: whole(increment) },
  };
};

const typeOf = (written: Expression | undefined, call: Call): TypeName => {
  const { at } = call;
  if (written?.kind === 'column') return { name: written.parts.at(-1) ?? '', arguments: [], at };
  if (written?.kind === 'call') {
    return {
      name: written.name.name,
      arguments: written.arguments.map((argument) => Number(whole(argument))),
      at,
    };
  }
  throw new SqlError(102, "Incorrect syntax near 'identity'.", 15);
};

const whole = (expression: Expression | undefined): bigint => {
  if (expression === undefined) return 1n;
  if (expression.kind === 'unary' && expression.operator === '-') return -whole(expression.operand);
  if (expression.kind === 'literal' && expression.value.type === 'integer')
    return BigInt(expression.value.text);
  throw new SqlError(102, "Incorrect syntax near 'identity'.", 15);
};
