/** Types, conversions, expressions and scalar functions of the practice engine. */

export type { Compiled, CompiledCondition, DateSettings, Frame, Scope, Source } from './scope.ts';
