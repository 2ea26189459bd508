/** LIKE on compiled expressions. */

import type { Condition } from '../../language/syntax.ts';
import { SqlError } from '../extension.ts';
import { collationOf } from './collation.ts';
import { comparisonCollation } from './comparison.ts';
import { compileExpression } from './compile-expression.ts';
import { convertTo } from './compiled.ts';
import { likePattern, type Pattern } from './like.ts';
import type { Compiled, CompiledCondition, Frame, Scope } from './scope.ts';
import { isCharacter, isUnicode, typeName } from './type-facts.ts';

/** Text for LIKE: other types are converted as + would. */
function asText(input: Compiled, index: number, scope: Scope): Compiled {
  if (isCharacter(input.type)) return input;
  if (input.type.kind === 'null') return convertTo(input, { kind: 'varchar', length: 1 }, scope);
  if (input.type.kind === 'image' || input.type.kind === 'sql_variant' || input.type.kind === 'xml')
    throw new SqlError(
      8116,
      `Argument data type ${typeName(input.type)} is invalid for argument ${index} of like function.`,
    );
  return convertTo(input, { kind: 'varchar', length: 8000 }, scope);
}

/** Compiles a LIKE without its NOT. A pattern is read once for as long as it stays the same. */
export function compileLike(
  condition: Extract<Condition, { kind: 'like' }>,
  scope: Scope,
): CompiledCondition {
  const operand = asText(compileExpression(condition.operand, scope), 1, scope);
  const pattern = asText(compileExpression(condition.pattern, scope), 2, scope);
  const escapeWith = condition.escape
    ? asText(compileExpression(condition.escape, scope), 3, scope)
    : undefined;
  const collation = collationOf(comparisonCollation(operand, pattern, scope));
  const ignoresBlanks = !isUnicode(operand.type) && !isUnicode(pattern.type);
  let lastPattern: string | undefined;
  let lastEscape: string | undefined;
  let compiled: Pattern | undefined;
  const patternOf = (text: string, escapeText: string | undefined): Pattern => {
    if (compiled && text === lastPattern && escapeText === lastEscape) return compiled;
    compiled = likePattern(text, escapeText, collation);
    lastPattern = text;
    lastEscape = escapeText;
    return compiled;
  };
  return (frame: Frame) => {
    const text = operand.evaluate(frame);
    const patternText = pattern.evaluate(frame);
    const escapeText = escapeWith ? escapeWith.evaluate(frame) : undefined;
    if (text === null || patternText === null || escapeText === null) return null;
    return patternOf(patternText as string, escapeText as string | undefined).matches(
      text as string,
      ignoresBlanks,
    );
  };
}
