import type { Parked } from './conflicts.ts';
import type { Rows } from './rows.ts';
import type { Register, TableName } from './small-shop.ts';
import { demand } from './violation.ts';

/** Every version of a row that was ever committed at the store, in order. */
export type Audited = {
  readonly id: number;
  readonly table: TableName;
  readonly key: string;
  readonly version: string;
};

const owned = ['SALE', 'SALELINE', 'SHIFT'] as const;
type Owned = (typeof owned)[number];
type Row = { readonly table: Owned; readonly key: string };

/**
 * What registers have written and nobody has seen at the store yet. Knows nothing of how rows travel: it compares what
 * stands in the databases before and after each change.
 */
export class Ledger {
  /** Per register: rows, and the last entry of the store's audit that is older than their change. */
  readonly #open = new Map<Register, Map<string, Row & { readonly since: number }>>();

  /** A register's rows went from `before` to `after` by the register's own doing. */
  changed(register: Register, before: Rows | undefined, after: Rows, since: number): readonly string[] {
    const open = this.#of(register);
    const touched: string[] = [];
    for (const table of owned)
      for (const key of new Set([...(before?.[table].keys() ?? []), ...after[table].keys()])) {
        if (before?.[table].get(key) === after[table].get(key)) continue;
        const name = `${table} ${key}`;
        open.set(name, { table, key, since: Math.min(open.get(name)?.since ?? since, since) });
        touched.push(name);
      }
    return touched;
  }

  /** Nothing is known to have arrived any more: one of the two was restored. */
  suspect(register: Register, rows: Rows): void {
    this.changed(register, undefined, rows, 0);
    for (const [name, row] of this.#of(register)) this.#of(register).set(name, { ...row, since: 0 });
  }

  /** Whether the register has changed this row and the store has not been seen to have it. */
  owes(register: Register, table: TableName, key: string): boolean {
    return this.#of(register).has(`${table} ${key}`);
  }

  forget(register: Register): void {
    this.#of(register).clear();
  }

  /**
   * Strikes out what has arrived or was parked. `rows` are the register's at the beginning of the cycle. When all of
   * it `mustHaveArrived`, what has not is lost.
   */
  settle(
    register: Register,
    rows: Rows,
    store: { readonly rows: Rows; readonly audit: readonly Audited[]; readonly parked: readonly Parked[] },
    options: { readonly except: ReadonlySet<string>; readonly mustHaveArrived: boolean },
  ): void {
    const open = this.#of(register);
    for (const [name, { table, key, since }] of open) {
      if (options.except.has(name)) continue;
      const version = rows[table].get(key);
      // A sale that was tidied away on the register owes nothing; a shift's deletion shows when both are compared.
      const hasArrived =
        version === undefined ||
        store.rows[table].get(key) === version ||
        store.audit.some(
          (each) => each.id > since && each.table === table && each.key === key && each.version === version,
        ) ||
        store.parked.some(
          (each) =>
            each.register === register &&
            each.table === table &&
            each.key === key &&
            each.version === version,
        );
      if (hasArrived) open.delete(name);
      else
        demand(
          !options.mustHaveArrived,
          'nothing is lost',
          () => `${name} of ${register} says ${version}, and the store neither got nor parked that`,
        );
    }
  }

  #of(register: Register): Map<string, Row & { readonly since: number }> {
    const known = this.#open.get(register) ?? new Map();
    this.#open.set(register, known);
    return known;
  }
}
