import type { Token } from './lexer.ts';
import { syntaxProblem } from './syntax-problem.ts';

/** A variable of a user-defined type may turn out to be a table: only the engine knows the type. */
export type VariableKind = 'scalar' | 'table' | 'either';

/**
 * The variables that the text has declared so far. SQL Server finds a variable that is used before its DECLARE
 * while it compiles the batch, so a batch with one such mistake runs nothing at all.
 *
 * Where the caller did not say which variables come from outside, unknown ones are left to the engine.
 */
export class DeclaredVariables {
  private readonly kinds = new Map<string, VariableKind>();
  private readonly isComplete: boolean;

  constructor(outside: readonly string[] | undefined) {
    this.isComplete = outside !== undefined;
    for (const name of outside ?? []) this.kinds.set(name.toLowerCase(), 'either');
  }

  declare(token: Token, kind: VariableKind): void {
    if (this.kinds.has(token.key)) throw syntaxProblem('variable-declared-twice', token, token.value);
    this.kinds.set(token.key, kind);
  }

  /** A variable that is read, or written to when `isTarget`. */
  requireScalar(token: Token, isTarget = false): void {
    if (token.key.startsWith('@@')) return;
    const kind = this.kinds.get(token.key);
    if (kind === 'scalar' || kind === 'either' || (kind === undefined && !this.isComplete)) return;
    throw syntaxProblem(
      isTarget ? 'scalar-not-declared-for-assignment' : 'scalar-not-declared',
      token,
      token.value,
    );
  }

  requireTable(token: Token): void {
    const kind = this.kinds.get(token.key);
    if (kind === 'table' || kind === 'either' || (kind === undefined && !this.isComplete)) return;
    throw syntaxProblem('table-variable-not-declared', token, token.value);
  }
}
