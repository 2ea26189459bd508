/** Types, conversions, expressions and scalar functions of the practice engine. */

export { type Collation, collationOf, DEFAULT_COLLATION } from './collation.ts';
export { commonType } from './common-type.ts';
export { compare, comparer, equalityKey, equalityKeyOf } from './compare.ts';
export { type ConvertOptions, type Converter, convert, converter, storeConverter } from './convert.ts';
export { resolveType, unknownType } from './resolve-type.ts';
export type { Compiled, CompiledCondition, DateSettings, Frame, Scope, Source } from './scope.ts';
export { isCharacter, isNumber, isTemporal, typeName } from './type-facts.ts';
