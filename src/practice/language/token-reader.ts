import type { DeclaredVariables } from './declared-variables.ts';
import { scan, type Token } from './lexer.ts';
import type { Position } from './syntax.ts';
import { type SyntaxProblem, syntaxProblem } from './syntax-problem.ts';

/** What the text being parsed is the body of; decides which statements and predicates may stand there. */
export type Surroundings = 'batch' | 'procedure' | 'function' | 'trigger' | 'view';

/** Beyond this many parentheses, subqueries and blocks inside one another SQL Server gives up as well (191). */
const MAX_DEPTH = 400;

/** The tokens of one batch with a place in them, and what the parser has learnt on the way there. */
export class TokenReader {
  readonly text: string;
  variables: DeclaredVariables;
  /** Changed by SET QUOTED_IDENTIFIER for the text after it. */
  quotedIdentifier: boolean;
  surroundings: Surroundings = 'batch';
  loopDepth = 0;
  catchDepth = 0;
  /** How many statements have been begun; the first may be a call without EXEC or a CREATE PROCEDURE. */
  statementCount = 0;
  private readonly tokens: readonly Token[];
  private readonly end: Token;
  private index = 0;
  private depth = 0;

  constructor(text: string, quotedIdentifier: boolean, variables: DeclaredVariables) {
    this.text = text;
    this.quotedIdentifier = quotedIdentifier;
    this.variables = variables;
    this.tokens = scan(text);
    this.end = this.tokens[this.tokens.length - 1] ?? emptyToken;
  }

  get current(): Token {
    return this.tokens[this.index] ?? this.end;
  }

  /** The token `distance` further on; 0 is the current one. */
  ahead(distance: number): Token {
    return this.tokens[this.index + distance] ?? this.end;
  }

  get previous(): Token {
    return this.tokens[this.index - 1] ?? this.current;
  }

  /** Where the next node begins. */
  get at(): Position {
    const { line, offset } = this.current;
    return { line, offset };
  }

  get isAtEnd(): boolean {
    return this.current.kind === 'end';
  }

  /** Takes the current token. */
  take(): Token {
    const token = this.current;
    if (this.index < this.tokens.length - 1) this.index++;
    return token;
  }

  /** Whether the next words are these, in lower case. */
  is(...words: readonly string[]): boolean {
    return words.every((word, distance) => isWord(this.ahead(distance), word));
  }

  isSymbol(symbol: string, distance = 0): boolean {
    const token = this.ahead(distance);
    return token.kind === 'symbol' && token.key === symbol;
  }

  /** Takes the words when they come next. */
  accept(...words: readonly string[]): boolean {
    if (!this.is(...words)) return false;
    this.index += words.length;
    return true;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.index++;
    return true;
  }

  expect(...words: readonly string[]): Token {
    const token = this.current;
    for (const word of words) {
      if (!isWord(this.current, word)) throw this.unexpected();
      this.index++;
    }
    return token;
  }

  expectSymbol(symbol: string): Token {
    if (!this.isSymbol(symbol)) throw this.unexpected();
    return this.take();
  }

  expectVariable(): Token {
    if (this.current.kind !== 'variable' || this.current.key.startsWith('@@')) throw this.unexpected();
    return this.take();
  }

  /** The problem that the current token does not fit. At the end SQL Server names the last token there was. */
  unexpected(token: Token = this.current): SyntaxProblem {
    const named = token.kind === 'end' ? this.previous : token;
    // At the end it is 102 even when that last token is a keyword: the end is what did not fit.
    return named.isReserved && token.kind !== 'end'
      ? syntaxProblem('syntax-near-keyword', named, named.value)
      : syntaxProblem('syntax-near', named, named.value);
  }

  /** One or more things with commas between. */
  list<Item>(parse: () => Item): Item[] {
    const items = [parse()];
    while (this.acceptSymbol(',')) items.push(parse());
    return items;
  }

  /** A list in parentheses. */
  parenthesized<Item>(parse: () => Item): Item[] {
    this.expectSymbol('(');
    const items = this.list(parse);
    this.expectSymbol(')');
    return items;
  }

  /** Runs a parser one level further inside, so that no text can exhaust the stack. */
  nested<Node>(parse: () => Node): Node {
    if (++this.depth > MAX_DEPTH) throw syntaxProblem('nested-too-deeply', this.current);
    try {
      return parse();
    } finally {
      this.depth--;
    }
  }

  /** The text from a position to the end of what has been taken. */
  sourceFrom(at: Position): string {
    return this.text.slice(at.offset, this.previous.end);
  }

  /** How far ahead the parenthesis that closes the one at `distance` stands. */
  closingDistance(distance: number): number {
    let depth = 0;
    for (let at = distance; ; at++) {
      const token = this.ahead(at);
      if (token.kind === 'end') return at;
      if (token.key === '(') depth++;
      if (token.key === ')' && --depth === 0) return at;
    }
  }
}

const emptyToken: Token = { kind: 'end', value: '', key: '', isReserved: false, line: 1, offset: 0, end: 0 };

function isWord(token: Token, word: string): boolean {
  return token.kind === 'word' && token.key === word;
}
