import { type Parked, readParked } from './conflicts.ts';
import { readAnchors, readBound, readLog } from './record.ts';
import { type Rows, readRows } from './rows.ts';
import type { Register, TableName } from './small-shop.ts';
import { demand } from './violation.ts';
import type { World } from './world.ts';

/** Everything is quiet: what has to be the same is the same, and whatever is not stands among the parked rows. */
export async function checkAtRest(
  world: World,
  registers: readonly Register[],
  { isCalm }: { readonly isCalm: boolean },
): Promise<void> {
  const store = await readRows(await world.reader('store'));
  const atStore = await readParked(await world.session('store'));
  const bound = await readBound(await world.session('store'));
  for (const register of registers) {
    const session = await world.session(register);
    const rows = await readRows(await world.reader(register));
    const parked = [...atStore.filter((each) => each.register === register), ...(await readParked(session))];
    if (isCalm) demand(parked.length === 0, 'nothing is parked without reason', () => JSON.stringify(parked));
    compare('ITEM', store, rows, [], register, 'both');
    compare('SALE', store, rows, parked, register, 'what the register has');
    compare('SALELINE', store, rows, parked, register, 'what the register has');
    compare('SHIFT', store, rows, parked, register, 'both');
    for (const { table, timestamp } of await readAnchors(session))
      demand(
        timestamp <= bound,
        'no anchor is ahead of its source',
        () => `${table} of ${register}: ${timestamp} > ${bound}`,
      );
  }
  for (const row of await readLog(await world.session('store'))) {
    for (const [total, ok, err] of [row.downloaded, row.uploaded])
      demand(total === ok + err, 'in the log, total = ok + err', () => JSON.stringify(row));
    demand(row.isInOrder, 'in the log, nothing stops before it starts', () => JSON.stringify(row));
    demand(row.scope !== '?', 'in the log, every row names its scope', () => JSON.stringify(row));
  }
}

function compare(
  table: TableName,
  store: Rows,
  register: Rows,
  parked: readonly Parked[],
  name: Register,
  what: 'both' | 'what the register has',
): void {
  const keys = new Set([...register[table].keys(), ...(what === 'both' ? store[table].keys() : [])]);
  for (const key of keys) {
    const [there, here] = [store[table].get(key), register[table].get(key)];
    if (there === here) continue;
    const isOpen = parked.some((each) => each.table === table && each.key === key && each.isOpen);
    demand(
      isOpen,
      'both sides are the same in the end',
      () =>
        `${table} ${key}: the store has ${there ?? 'no such row'}, ${name} has ${here ?? 'no such row'}, and nothing is parked`,
    );
  }
}
