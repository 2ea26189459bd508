/** What the sessions of a schedule do, as data and as T-SQL. */

export type Step =
  | { readonly kind: 'read' | 'increment' | 'write' | 'write-if' | 'insert' | 'delete'; readonly key: number }
  | { readonly kind: 'read-all' | 'save' | 'rollback-to-save' };
export type Isolation = 'read committed' | 'repeatable read' | 'serializable' | 'snapshot';
/** What one session does in one transaction. */
export type Piece = {
  readonly isolation: Isolation;
  readonly steps: readonly Step[];
  readonly end: 'commit' | 'rollback';
};

export type Content = { readonly v: number; readonly n: number };
/** Rows by key; null is a row that is not there (any more). */
export type Overlay = ReadonlyMap<number, Content | null>;

export const initial = new Map<number, Content | null>([1, 2, 3, 4].map((key) => [key, { v: 0, n: 0 }]));

export type Sentence = {
  readonly step: Step | 'begin' | 'end';
  readonly sql: string;
  readonly token: number;
  readonly piece: Piece;
};

export const sentencesOf = (program: readonly Piece[], session: number): Sentence[] => {
  let token = session * 1000;
  return program.flatMap((piece) => {
    const sentence = (step: Sentence['step'], sql: string): Sentence => ({
      step,
      sql,
      token: ++token,
      piece,
    });
    return [
      sentence('begin', `set transaction isolation level ${piece.isolation} begin tran`),
      ...piece.steps.map((step) => sentence(step, sqlOf(step, token + 1))),
      sentence('end', piece.end),
    ];
  });
};

const sqlOf = (step: Step, token: number): string => {
  switch (step.kind) {
    case 'read':
      return `select k, v, n from t where k = ${step.key}`;
    case 'read-all':
      return 'select k, v, n from t order by k';
    case 'increment':
      return `update t set n = n + 1 where k = ${step.key}`;
    case 'write':
      return `update t set v = ${token} where k = ${step.key}`;
    case 'write-if':
      return `update t set v = ${token} where k = ${step.key} and n = 0`;
    case 'insert':
      return `insert t values (${step.key}, ${token}, 0)`;
    case 'delete':
      return `delete t where k = ${step.key}`;
    case 'save':
      return 'save tran s';
    case 'rollback-to-save':
      return 'rollback tran s';
  }
};
