/**
 * A plain model of three tables: `t` with a unique key that may be NULL and a check, `c` that refers to it, `d` that
 * follows it (CASCADE). Statements either happen as a whole or violate something and change nothing.
 */

export type ParentRow = { readonly id: number; readonly k: number | null; readonly w: number };
export type State = {
  readonly t: readonly ParentRow[];
  /** Values of the referring columns. */
  readonly c: readonly number[];
  readonly d: readonly number[];
};

export const emptyState: State = { t: [], c: [], d: [] };

export const schema = [
  'create table t (id int identity primary key, k int null constraint uk unique, w int not null constraint cw check (w between 0 and 20))',
  'create table c (id int identity primary key, k int not null constraint fc references t (k))',
  'create table d (id int identity primary key, k int not null constraint fd references t (k) on delete cascade on update cascade)',
] as const;

export type Change =
  | { readonly kind: 'insert'; readonly rows: readonly { readonly k: number | null; readonly w: number }[] }
  | { readonly kind: 'insert-child'; readonly table: 'c' | 'd'; readonly keys: readonly number[] }
  | { readonly kind: 'shift'; readonly by: number; readonly from: number; readonly to: number }
  | { readonly kind: 'weigh'; readonly by: number; readonly from: number; readonly to: number }
  | { readonly kind: 'clear'; readonly key: number }
  | { readonly kind: 'delete'; readonly from: number; readonly to: number }
  | { readonly kind: 'delete-child'; readonly table: 'c' | 'd'; readonly key: number };

export const sqlOf = (change: Change): string => {
  switch (change.kind) {
    case 'insert':
      return `insert t (k, w) values ${change.rows.map(({ k, w }) => `(${k ?? 'null'}, ${w})`).join(', ')}`;
    case 'insert-child':
      return `insert ${change.table} (k) values ${change.keys.map((key) => `(${key})`).join(', ')}`;
    case 'shift':
      return `update t set k = k + ${change.by} where k between ${change.from} and ${change.to}`;
    case 'weigh':
      return `update t set w = w + ${change.by} where k between ${change.from} and ${change.to}`;
    case 'clear':
      return `update t set k = null where k = ${change.key}`;
    case 'delete':
      return `delete t where k between ${change.from} and ${change.to}`;
    case 'delete-child':
      return `delete ${change.table} where k = ${change.key}`;
  }
};

export type Outcome = {
  /** Numbers of which one must come; empty when the statement succeeds. */
  readonly errors: readonly number[];
  readonly state: State;
  /** Rows of the table that the statement names; undefined after an error. */
  readonly count: number | undefined;
  /** Rows whose identity was taken, also when the statement fails. */
  readonly identities: number;
};

const hasTwice = (values: readonly (number | null)[]): boolean => new Set(values).size < values.length;

/** What the statement does to the state; `nextId` is the identity of the next row of `t`. */
export const applied = (state: State, change: Change, nextId: number): Outcome => {
  const errors: number[] = [];
  let { t, c, d } = state;
  let count = 0;
  let identities = 0;
  const isHit = (from: number, to: number) => (row: ParentRow) =>
    row.k !== null && row.k >= from && row.k <= to;
  switch (change.kind) {
    case 'insert':
      identities = change.rows.length;
      count = change.rows.length;
      t = [...t, ...change.rows.map(({ k, w }, i) => ({ id: nextId + i, k, w }))];
      break;
    case 'insert-child':
      count = change.keys.length;
      if (change.table === 'c') c = [...c, ...change.keys];
      else d = [...d, ...change.keys];
      break;
    case 'shift':
    case 'clear': {
      const [from, to] = change.kind === 'shift' ? [change.from, change.to] : [change.key, change.key];
      const hit = t.filter(isHit(from, to));
      const moved = (key: number): number | null => (change.kind === 'shift' ? key + change.by : null);
      count = hit.length;
      t = t.map((row) => (hit.includes(row) && row.k !== null ? { ...row, k: moved(row.k) } : row));
      const keys = new Set(hit.map((row) => row.k));
      const followers = d.map((key) => (keys.has(key) ? moved(key) : key));
      // The referring column takes no NULL.
      if (followers.includes(null)) errors.push(515);
      d = followers.filter((key) => key !== null);
      break;
    }
    case 'weigh':
      count = t.filter(isHit(change.from, change.to)).length;
      t = t.map((row) => (isHit(change.from, change.to)(row) ? { ...row, w: row.w + change.by } : row));
      break;
    case 'delete': {
      const gone = new Set(t.filter(isHit(change.from, change.to)).map((row) => row.k));
      count = gone.size;
      t = t.filter((row) => !isHit(change.from, change.to)(row));
      d = d.filter((key) => !gone.has(key));
      break;
    }
    case 'delete-child': {
      const rows = change.table === 'c' ? c : d;
      const kept = rows.filter((key) => key !== change.key);
      count = rows.length - kept.length;
      if (change.table === 'c') c = kept;
      else d = kept;
    }
  }
  const keys = t.map((row) => row.k);
  if (hasTwice(keys)) errors.push(2627);
  if (t.some((row) => row.w < 0 || row.w > 20)) errors.push(547);
  if ([...c, ...d].some((key) => !keys.includes(key))) errors.push(547);
  if (errors.length > 0) return { errors, state, count: undefined, identities };
  return { errors, state: { t, c, d }, count, identities };
};
