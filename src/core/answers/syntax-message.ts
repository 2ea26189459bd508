import type { ErrorCode } from 'yaml';

const messages: Partial<Record<ErrorCode, string>> = {
  TAB_AS_INDENT: 'The line begins with a tab: use blanks.',
  BAD_DQ_ESCAPE:
    "A single backslash in double quotes: use single quotes ('SRV01\\RETAIL'), or write it twice.",
  MISSING_CHAR: 'A quote or a bracket is not closed, or a colon is missing.',
  BAD_INDENT: 'The line is indented differently from its neighbours, or a bracket is not closed.',
  BLOCK_AS_IMPLICIT_KEY: 'A second colon in the line: put the value into single quotes.',
  BAD_SCALAR_START: 'The value begins with a special character: put it into single quotes.',
  MULTIPLE_DOCS: 'A second document begins here (---): keep one.',
  TAG_RESOLVE_FAILED: 'A value begins with "!": put it into single quotes.',
};

/**
 * What a technician should know of a YAML error. The parser's own text is never shown: it quotes what it found, and
 * that may be a password.
 */
export function syntaxMessage(code: ErrorCode): string {
  return messages[code] ?? 'The line cannot be read: check its indentation, colons and quotes.';
}
