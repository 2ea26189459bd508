/** Types, conversions, expressions and scalar functions of the practice engine. */

export {
  type Accumulator,
  type Aggregate,
  aggregates,
  type BoundAggregate,
  isAggregateName,
} from './aggregates.ts';
export { type Collation, collationOf, DEFAULT_COLLATION, trimEndBlanks } from './collation.ts';
export { commonType, mergeCollations } from './common-type.ts';
export { compare, comparer, equalityKey, equalityKeyOf } from './compare.ts';
export { compare as compileComparison } from './comparison.ts';
export { compileCondition } from './compile-condition.ts';
export { combine, compileExpression, resultType } from './compile-expression.ts';
export { collatedTypes, constant, convertTo, isConstant } from './compiled.ts';
export { type Converter, type ConvertOptions, convert, converter, storeConverter } from './convert.ts';
export { type FormatArgument, formatMessage } from './functions/format-message.ts';
export { lookupFunction, registerFunctions } from './functions/registry.ts';
export { scalarFunctions } from './functions/scalar-functions.ts';
export { typedLiteral } from './literals.ts';
export { resolveType, unknownType } from './resolve-type.ts';
export type { Compiled, CompiledCondition, DateSettings, Frame, Scope, Source } from './scope.ts';
export { isBinary, isCharacter, isNumber, isTemporal, isUnicode, typeName } from './type-facts.ts';
