import { DeclaredVariables } from './declared-variables.ts';
import { parseStatements } from './statements.ts';
import type { Batch } from './syntax.ts';
import { TokenReader } from './token-reader.ts';

export { SyntaxProblem } from './syntax-problem.ts';

export type ParseOptions = {
  /** The session's QUOTED_IDENTIFIER at the start of the batch; true when left out. */
  readonly quotedIdentifier?: boolean;
  /**
   * Variables that exist already, with their @: none for a batch of its own, the parameters for sp_executesql.
   * When left out, a variable without a DECLARE is not an error of the parser (137, 1087) but left to the engine.
   * Bodies of procedures, functions and triggers are always checked.
   */
  readonly variables?: readonly string[];
};

/**
 * The statements of a whole batch. Throws SyntaxProblem for the first thing that SQL Server would not take, or that
 * the practice server has no shape for: then nothing of the batch may run.
 */
export function parseBatch(text: string, options: ParseOptions = {}): Batch {
  const variables = new DeclaredVariables(options.variables);
  const input = new TokenReader(text, options.quotedIdentifier ?? true, variables);
  return { statements: parseStatements(input, () => input.isAtEnd) };
}
