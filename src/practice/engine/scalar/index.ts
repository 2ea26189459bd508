/** Types, conversions, expressions and scalar functions of the practice engine. */

export { type Aggregate, aggregates, type BoundAggregate } from './aggregates.ts';
export { collationOf } from './collation.ts';
export { commonType } from './common-type.ts';
export { compare, comparer, equalityKey, equalityKeyOf } from './compare.ts';
export { compileCondition } from './compile-condition.ts';
export { combine, compileExpression } from './compile-expression.ts';
export { collatedTypes, constant } from './compiled.ts';
export { convert, converter, storeConverter } from './convert.ts';
export { formatMessage } from './functions/format-message.ts';
export { lookupFunction, registerFunctions } from './functions/registry.ts';
export { resolveType, unknownType } from './resolve-type.ts';
export type { Compiled, CompiledCondition, Frame, Scope, Source } from './scope.ts';
