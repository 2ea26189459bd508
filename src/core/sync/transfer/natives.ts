/** Which types INSERT BULK of a destination takes as they are; the others travel as text. */
export type Natives = { readonly types: ReadonlySet<string> };

/** What tedious itself reads and writes without losing a digit: not numeric, money, and dates finer than its Date. */
export const plainNatives: Natives = {
  types: new Set(['bit', 'tinyint', 'smallint', 'int', 'bigint', 'uniqueidentifier']),
};
