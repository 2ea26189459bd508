import { reservedWords } from './reserved-words.ts';
import type { Position } from './syntax.ts';
import { syntaxProblem } from './syntax-problem.ts';

/**
 * word: unquoted name or keyword (`#temp` and `$identity` too) · bracketed: [name] · double-quoted: a name or a
 * string, as QUOTED_IDENTIFIER has it where it stands · symbol: an operator or punctuation · end: past the text.
 */
export type TokenKind =
  | 'word'
  | 'bracketed'
  | 'double-quoted'
  | 'variable'
  | 'string'
  | 'unicode-string'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'money'
  | 'binary'
  | 'symbol'
  | 'end';

/** A piece of the batch: `text.slice(offset, end)` is how it was written. */
export type Token = Position & {
  readonly kind: TokenKind;
  /** Quoted kinds: what stands between the quotes, unescaped. Numbers: without the currency sign. Else as written. */
  readonly value: string;
  /** The value in lower case for words and variables, the value itself for symbols, empty for all others. */
  readonly key: string;
  readonly isReserved: boolean;
  readonly end: number;
};

const MAX_NAME = 128;
const symbols2 = new Set([
  '<>',
  '<=',
  '>=',
  '!=',
  '!<',
  '!>',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '::',
  '=*',
]);
const symbols1 = new Set('()[],.;:=<>+-*/%&|^~!{}?\\'.split(''));
const currency = /\p{Sc}/u;
const wordStart = /[\p{L}_#@$]/u;
const wordPart = /[\p{L}\p{Nd}\p{M}_#@$]/u;

/** Splits a whole batch into tokens, the last of kind 'end'. Throws SyntaxProblem 103, 105, 113, 168 or 1007. */
export function scan(text: string): readonly Token[] {
  const scanner = new Scanner(text);
  const tokens: Token[] = [];
  for (;;) {
    const token = scanner.next();
    tokens.push(token);
    if (token.kind === 'end') return tokens;
  }
}

class Scanner {
  private readonly text: string;
  private offset = 0;
  private line = 1;

  constructor(text: string) {
    this.text = text;
  }

  next(): Token {
    this.skipBlanks();
    const start = this.offset;
    const character = this.characterAt(start);
    if (character === '') return this.token('end', start, start, '');
    if (character === "'") return this.quoted('string', start, start + 1, "'");
    if ((character === 'N' || character === 'n') && this.text[start + 1] === "'") {
      return this.quoted('unicode-string', start, start + 2, "'");
    }
    if (character === '"') return this.quoted('double-quoted', start, start + 1, '"');
    if (character === '[') return this.quoted('bracketed', start, start + 1, ']');
    if (isDigit(character) || (character === '.' && isDigit(this.characterAt(start + 1)))) {
      return this.number(start);
    }
    if (currency.test(character)) {
      const following = this.characterAt(start + character.length);
      if (character !== '$' || !wordStart.test(following)) return this.money(start, character.length);
    }
    if (wordStart.test(character)) return this.word(start);
    return this.symbol(start, character);
  }

  /** The character at an offset, surrogate pairs whole; empty past the end. */
  private characterAt(offset: number): string {
    const code = this.text.codePointAt(offset);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  private token(
    kind: TokenKind,
    start: number,
    end: number,
    value: string,
    key = '',
    isReserved = false,
  ): Token {
    const token: Token = { kind, value, key, isReserved, line: this.line, offset: start, end };
    this.offset = end;
    return token;
  }

  private skipBlanks(): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.offset);
      if (code === 10) {
        this.line++;
        this.offset++;
      } else if (isBlank(code)) {
        this.offset++;
      } else if (code === 45 && text.charCodeAt(this.offset + 1) === 45) {
        const end = text.indexOf('\n', this.offset);
        this.offset = end === -1 ? text.length : end;
      } else if (code === 47 && text.charCodeAt(this.offset + 1) === 42) {
        this.skipComment();
      } else {
        return;
      }
    }
  }

  /** Comments nest: https://learn.microsoft.com/sql/t-sql/language-elements/slash-star-comment-transact-sql */
  private skipComment(): void {
    const start = { line: this.line };
    const mark = /\/\*|\*\/|\n/g;
    mark.lastIndex = this.offset;
    let depth = 0;
    do {
      const found = mark.exec(this.text)?.[0];
      if (found === undefined) throw syntaxProblem('missing-end-comment', start);
      if (found === '\n') this.line++;
      else depth += found === '/*' ? 1 : -1;
    } while (depth > 0);
    this.offset = mark.lastIndex;
  }

  private quoted(kind: TokenKind, start: number, from: number, quote: string): Token {
    const { text } = this;
    let end = text.indexOf(quote, from);
    while (end !== -1 && text[end + 1] === quote) end = text.indexOf(quote, end + 2);
    if (end === -1) throw syntaxProblem('unclosed-quotation', { line: this.line }, text.slice(from));
    const written = text.slice(from, end);
    const value = written.replaceAll(quote + quote, quote);
    const isString = kind === 'string' || kind === 'unicode-string';
    const token = this.token(kind, start, end + 1, isString ? joinContinuedLines(value) : value);
    for (let at = written.indexOf('\n'); at !== -1; at = written.indexOf('\n', at + 1)) this.line++;
    if (kind === 'bracketed' && value.length > MAX_NAME)
      throw syntaxProblem('identifier-too-long', token, value);
    return token;
  }

  private number(start: number): Token {
    if (this.text[start] === '0' && /[xX]/.test(this.characterAt(start + 1))) return this.binary(start);
    const written = this.match(/\d*\.?\d*(?:[eE][+-]?\d*)?/y, start);
    const end = start + written.length;
    if (/[eE]/.test(written)) {
      const token = this.token('float', start, end, written);
      // `1e` and `1e+` are valid T-SQL and mean 1e0.
      if (!Number.isFinite(Number(written.replace(/[eE][+-]?$/, '')))) {
        throw syntaxProblem('float-out-of-range', token, written);
      }
      return token;
    }
    const token = this.token(written.includes('.') ? 'decimal' : 'integer', start, end, written);
    if (written.replace('.', '').replace(/^0+/, '').length > 38) {
      throw syntaxProblem('number-out-of-range', token, written);
    }
    return token;
  }

  /** An odd digit stands for itself with a zero before it, and a backslash at the end of a line continues it. */
  private binary(start: number): Token {
    const written = this.match(/0[xX](?:[0-9a-fA-F]|\\\r?\n)*/y, start);
    const digits = written.slice(2).replace(/\\\r?\n/g, '');
    const token = this.token(
      'binary',
      start,
      start + written.length,
      digits.length % 2 ? `0${digits}` : digits,
    );
    this.line += written.split('\n').length - 1;
    return token;
  }

  private money(start: number, signLength: number): Token {
    // A sign belongs to the amount where digits follow it: $-1.5.
    const signed = this.match(/(?:[-+](?=\.?\d))?\d*\.?\d*/y, start + signLength);
    const amount = signed.replace(/^\+/, '');
    return this.token('money', start, start + signLength + signed.length, amount === '' ? '0' : amount);
  }

  private word(start: number): Token {
    const { text } = this;
    let end = start;
    for (;;) {
      const code = text.charCodeAt(end);
      if (isPlainWordPart(code)) end++;
      else if (code > 127 && wordPart.test(this.characterAt(end))) end += this.characterAt(end).length;
      else break;
    }
    const value = text.slice(start, end);
    const key = value.toLowerCase();
    const isVariable = value.startsWith('@');
    const token = isVariable
      ? this.token('variable', start, end, value, key)
      : this.token('word', start, end, value, key, reservedWords.has(key));
    if (value.length > MAX_NAME) throw syntaxProblem('identifier-too-long', token, value.slice(0, MAX_NAME));
    return token;
  }

  private symbol(start: number, character: string): Token {
    const pair = this.text.slice(start, start + 2);
    const value = symbols2.has(pair) ? pair : character;
    const token = this.token('symbol', start, start + value.length, value, value);
    if (value === character && !symbols1.has(character)) throw syntaxProblem('syntax-near', token, value);
    return token;
  }

  private match(pattern: RegExp, start: number): string {
    pattern.lastIndex = start;
    return pattern.exec(this.text)?.[0] ?? '';
  }
}

/** https://learn.microsoft.com/sql/t-sql/language-elements/sql-server-utilities-statements-backslash */
function joinContinuedLines(value: string): string {
  return value.includes('\\') ? value.replace(/\\\r?\n/g, '') : value;
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

/** Control characters count as blanks, and so do the no-break and ideographic space and a byte order mark. */
function isBlank(code: number): boolean {
  return code <= 32 || code === 0xa0 || code === 0x3000 || code === 0xfeff;
}

function isPlainWordPart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    (code >= 35 && code <= 36) ||
    code === 64
  );
}
