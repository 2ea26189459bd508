import type { PendingUploads } from '../offline/provision/pending.ts';
import type { ProfileTable } from '../offline/provision/provision-actions.ts';
import { type TableShape, travellingColumns } from '../offline/tables/table-shape.ts';
import { fold } from '../plan/detect/ask.ts';
import type { SqlSession } from '../sql/session.ts';
import { checksOf, counted, someOf } from './checks.ts';
import { type Contents, contentsQuery } from './content-checksum.ts';
import type { Check } from './events.ts';

/** What the two sides hold of a table. */
export type Compared = {
  readonly table: ProfileTable;
  readonly store: Contents;
  readonly offline: Contents;
};

/** Reads counts and checksums of one table on both sides, over the columns that both have. */
export async function compareTable(
  table: ProfileTable,
  offlineShape: TableShape,
  sessions: { readonly store: SqlSession; readonly offline: SqlSession },
  registerId: string,
  signal: AbortSignal,
): Promise<Compared> {
  const there = new Set(travellingColumns(offlineShape).map(({ name }) => fold(name)));
  const columns = travellingColumns(table.shape).filter(({ name }) => there.has(fold(name)));
  // The store has the sales of all registers.
  const ofRegister = columns.find(({ name }) => ['terminal', 'terminalid'].includes(fold(name)));
  const isUpload = table.direction === 'upload' && ofRegister !== undefined;
  const where = isUpload ? ` WHERE [${ofRegister.name}] = @register` : '';
  const read = async (session: SqlSession) => {
    const parameters = isUpload ? { register: registerId } : {};
    const [row] = await session.query<Contents>(
      contentsQuery(table.shape, columns, where),
      parameters,
      signal,
    );
    return row ?? { rows: '0', checksum: '0' };
  };
  const [store, offline] = await Promise.all([read(sessions.store), read(sessions.offline)]);
  return { table, store, offline };
}

/**
 * Judges what was read. A register may have put away old sales that the store keeps, so fewer rows of an Upload table
 * on the register are right; other differences are explained by rows that still wait, or by a register that has never
 * synchronised, or they are a failure. Pure.
 */
export function checkRows(
  compared: readonly Compared[],
  pending: PendingUploads,
  hasSynchronised: boolean,
): readonly Check[] {
  const say = checksOf('synchronisation');
  const different = compared.filter((each) => !agrees(each));
  const names = different.map(({ table }) => table.shape.name);
  const lines: Check[] = [];
  if (different.length < compared.length)
    lines.push(
      say.ok(
        'rows',
        `Row counts and checksums agree in ${counted(compared.length - different.length, 'table', 'tables')}`,
      ),
    );
  if (different.length === 0) return lines;
  if (!hasSynchronised)
    lines.push(
      say.warning(
        'rows-not-yet',
        `${counted(different.length, 'table is', 'tables are')} not on the register yet: ${someOf(names)}.`,
        'The register has not synchronised yet; verify again after its first synchronisation.',
      ),
    );
  const waiting = hasSynchronised ? names.filter((name) => pending.has(fold(name))) : [];
  if (waiting.length > 0)
    lines.push(
      say.warning(
        'rows-waiting',
        `Rows wait for upload: ${someOf(waiting.map((name) => `${name} (${pending.get(fold(name)) ?? 0})`))}.`,
        'Verify again when the register has synchronised.',
      ),
    );
  const wrong = hasSynchronised ? names.filter((name) => !pending.has(fold(name))) : [];
  if (wrong.length > 0)
    lines.push(
      say.failed(
        'rows-differ',
        `${counted(wrong.length, 'table differs', 'tables differ')} between store and register: ${someOf(wrong)}.`,
        'A bulk load without triggers, or a trigger that was off, changed rows unseen: have these tables compared as a whole.',
      ),
    );
  return lines;
}

function agrees({ table, store, offline }: Compared): boolean {
  if (store.rows === offline.rows) return store.checksum === offline.checksum;
  return table.direction === 'upload' && BigInt(offline.rows) < BigInt(store.rows);
}
