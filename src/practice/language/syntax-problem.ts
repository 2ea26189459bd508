import type { Position } from './syntax.ts';

/**
 * A batch that cannot be parsed. `number`, `state` and `class` are SQL Server's own where it would refuse the text
 * too, and lie at 50100 and above where only the practice server refuses it.
 */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
  readonly number: number;
  readonly state: number;
  readonly class: number;
  /** From 1, within the batch. */
  readonly line: number;

  constructor(problem: { number: number; state: number; class: number; line: number; text: string }) {
    super(problem.text);
    this.number = problem.number;
    this.state = problem.state;
    this.class = problem.class;
    this.line = problem.line;
  }

  /** The message as a client shows it. */
  get text(): string {
    return this.message;
  }
}

/** Texts, states and classes of the messages that the parser sends, as sys.messages has them (language 1033). */
const messages = {
  'syntax-near': [102, 1, 15, "Incorrect syntax near '%1'."],
  'identifier-too-long': [
    103,
    4,
    15,
    "The identifier that starts with '%1' is too long. Maximum length is 128.",
  ],
  'unclosed-quotation': [105, 1, 15, "Unclosed quotation mark after the character string '%1'."],
  'more-columns-than-values': [
    109,
    1,
    15,
    'There are more columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.',
  ],
  'fewer-columns-than-values': [
    110,
    1,
    15,
    'There are fewer columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.',
  ],
  'not-first-in-batch': [111, 1, 15, "'%1' must be the first statement in a query batch."],
  'missing-end-comment': [113, 1, 15, "Missing end comment mark '*/'."],
  'argument-needs-name': [
    119,
    1,
    15,
    "Must pass parameter number %1 and subsequent parameters as '@name = value'. After the form '@name = value' has been used, all subsequent parameters must be passed in the form '@name = value'.",
  ],
  'variable-declared-twice': [
    134,
    2,
    15,
    "The variable name '%1' has already been declared. Variable names must be unique within a query batch or stored procedure.",
  ],
  'break-outside-loop': [135, 1, 15, 'Cannot use a BREAK statement outside the scope of a WHILE statement.'],
  'continue-outside-loop': [
    136,
    1,
    15,
    'Cannot use a CONTINUE statement outside the scope of a WHILE statement.',
  ],
  'unknown-set-option': [195, 9, 15, "'%1' is not a recognized SET option."],
  'scalar-not-declared-for-assignment': [137, 1, 15, 'Must declare the scalar variable "%1".'],
  'scalar-not-declared': [137, 2, 15, 'Must declare the scalar variable "%1".'],
  'update-outside-trigger': [140, 1, 15, 'Can only use IF UPDATE within a CREATE TRIGGER statement.'],
  'assignment-beside-retrieval': [
    141,
    1,
    15,
    'A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.',
  ],
  'syntax-near-keyword': [156, 1, 15, "Incorrect syntax near the keyword '%1'."],
  'float-out-of-range': [
    168,
    1,
    15,
    "The floating point value '%1' is out of the range of computer representation (8 bytes).",
  ],
  'column-without-type': [173, 1, 15, "The definition for column '%1' must include a data type."],
  'return-value-not-here': [
    178,
    1,
    15,
    'A RETURN statement with a return value cannot be used in this context.',
  ],
  'output-of-constant': [
    179,
    1,
    15,
    'Cannot use the OUTPUT option when passing a constant to a stored procedure.',
  ],
  'nested-too-deeply': [
    191,
    1,
    15,
    'Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.',
  ],
  'with-needs-semicolon': [
    319,
    1,
    15,
    "Incorrect syntax near the keyword 'with'. If this statement is a common table expression, an xmlnamespaces clause or a change tracking context clause, the previous statement must be terminated with a semicolon.",
  ],
  'table-expression-needs-semicolon': [
    336,
    1,
    15,
    "Incorrect syntax near '%1'. If this is intended to be a common table expression, you need to explicitly terminate the previous statement with a semi-colon.",
  ],
  'function-must-end-with-return': [
    455,
    2,
    16,
    'The last statement included within a function must be a return statement.',
  ],
  'invalid-length': [1001, 1, 15, 'Line %2: Length or precision specification %1 is invalid.'],
  'number-out-of-range': [
    1007,
    1,
    15,
    "The number '%1' is out of the range for numeric representation (maximum precision 38).",
  ],
  'order-by-needs-top': [
    1033,
    1,
    15,
    'The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.',
  ],
  'empty-name': [
    1038,
    4,
    15,
    'An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name. For other statements, look for empty alias names. Aliases defined as "" or [] are not allowed. Change the alias to a valid name.',
  ],
  'table-variable-not-declared': [1087, 2, 15, 'Must declare the table variable "%1".'],
  'not-a-condition': [
    4145,
    1,
    15,
    "An expression of non-boolean type specified in a context where a condition is expected, near '%1'.",
  ],
  'rethrow-outside-catch': [
    10704,
    1,
    15,
    'To rethrow an error, a THROW statement must be used inside a CATCH block. Insert the THROW statement inside a CATCH block, or add error parameters to the THROW statement.',
  ],
  'merge-clause-after-unconditional': [
    5324,
    1,
    15,
    "In a MERGE statement, a '%1' clause with a search condition cannot appear after a '%1' clause with no search condition.",
  ],
  'merge-action-not-allowed': [
    10711,
    1,
    15,
    "An action of type '%1' is not allowed in the '%2' clause of a MERGE statement.",
  ],
  'merge-needs-semicolon': [10713, 1, 15, 'A MERGE statement must be terminated by a semi-colon (;).'],
  'merge-action-twice': [
    10714,
    1,
    15,
    "An action of type '%1' cannot appear more than once in a '%2' clause of a MERGE statement.",
  ],
  'row-widths-differ': [
    10709,
    1,
    15,
    'The number of columns for each row in a table value constructor must be the same.',
  ],
} as const satisfies Record<string, readonly [number: number, state: number, class_: number, text: string]>;

export type SyntaxMessage = keyof typeof messages;

/** The problem with a message of SQL Server; `subject` is what the message names, `second` what it names beside. */
export function syntaxProblem(
  message: SyntaxMessage,
  at: Pick<Position, 'line'>,
  subject = '',
  second = String(at.line),
): SyntaxProblem {
  const [number, state, severity, text] = messages[message];
  return new SyntaxProblem({
    number,
    state,
    class: severity,
    line: at.line,
    text: text.replaceAll('%1', () => subject).replace('%2', () => second),
  });
}
