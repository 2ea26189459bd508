import { DeclaredVariables } from './declared-variables.ts';
import { refusedFeature } from './refusals.ts';
import type { Expression } from './syntax.ts';
import { TokenReader } from './token-reader.ts';
import { parseTypeName } from './type-names.ts';

const wholeText = new Set(['.', './text()[1]', '(./text())[1]', 'text()[1]', '(text())[1]']);

/**
 * `(SELECT ... FOR XML PATH(''), TYPE).value('.', 'nvarchar(max)')`, the idiom that joins strings: the whole text of
 * the query's xml, as a CAST. Every other method is refused.
 */
export function parseXmlMethod(input: TokenReader, operand: Expression): Expression {
  const { at } = operand;
  const isIdiom = operand.kind === 'subquery' && operand.query.forXmlPath?.isTyped === true;
  input.expectSymbol('.');
  if (!isIdiom || !input.accept('value') || !input.acceptSymbol('(')) throw refusedFeature('xml-method', at);
  const path = input.take();
  if (!wholeText.has(path.value)) throw refusedFeature('xml-method', path);
  input.expectSymbol(',');
  const typeToken = input.take();
  if (typeToken.kind !== 'string' && typeToken.kind !== 'unicode-string') throw input.unexpected(typeToken);
  input.expectSymbol(')');
  const typeInput = new TokenReader(typeToken.value, true, new DeclaredVariables(undefined));
  const type = { ...parseTypeName(typeInput), at };
  if (!typeInput.isAtEnd) throw input.unexpected(typeToken);
  return { kind: 'cast', operand, type, isTry: false, form: 'cast', at };
}
