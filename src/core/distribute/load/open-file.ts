import type { ColumnShape } from '../../offline/tables/table-shape.ts';
import { fold } from '../../plan/detect/ask.ts';
import { contentOf } from '../pack/content.ts';
import type { PackFile } from '../pack/manifest.ts';
import type { Pack } from '../pack/pack.ts';
import { damaged, packRefusal } from '../pack/pack-refusal.ts';
import { readCsv } from '../rows/csv.ts';
import { readNdjson } from '../rows/ndjson.ts';
import { type ReadValue, readValue } from '../rows/read-value.ts';
import { type RowText, rowRefused } from '../rows/row-text.ts';
import { textChunks } from '../rows/text-chunks.ts';
import type { LoadTable } from './table-sets.ts';

/** The line on which a row begins, then its values in the order of the table's columns. */
export type StagedRow = readonly (number | string | Uint8Array | null)[];

/** A file that is open: which columns of the table it fills, and its rows as they are asked for. */
export type OpenFile = {
  readonly columns: LoadTable['columns'];
  readonly rows: AsyncIterable<readonly StagedRow[]>;
};

/**
 * Reads a file of a pack as rows for the staging table. Throws ExpectedErrors that name file, line and column for
 * everything that the table could not hold, that is not of the company, or that is not what was packed.
 */
export async function openFile(pack: Pack, table: LoadTable, signal: AbortSignal): Promise<OpenFile> {
  const { file } = table;
  const text = textChunks(file, contentOf(pack, file));
  const reading = await (/\.csv(?:\.gz)?$/.test(file.name) ? readCsv : readNdjson)(file, text);
  const places = columnPlaces(file, reading.columns, table.columns, pack.sample !== undefined);
  const columns = table.columns.filter(({ name }) => places.has(fold(name)));
  const stage = rowStager(pack, { ...table, columns }, reading.columns.length, places);
  return {
    columns,
    rows: (async function* () {
      let rows = 0;
      for await (const batch of reading.batches) {
        signal.throwIfAborted();
        rows += batch.rows.length;
        if (rows > file.rows)
          throw damaged(file.name, `it has more than the ${file.rows} rows of the manifest.`);
        yield batch.rows.map((row, index) => stage(row, batch.lines[index] ?? 0));
      }
      if (rows < file.rows)
        throw damaged(file.name, `it has ${rows} rows, and the manifest says ${file.rows}.`);
    })(),
  };
}

function rowStager(
  pack: Pack,
  { file, columns, company }: LoadTable,
  width: number,
  places: ReadonlyMap<string, number>,
): (row: RowText, line: number) => StagedRow {
  const at = columns.map(({ name }) => places.get(fold(name)) ?? -1);
  const readers = columns.map((column) => valueReader(column, pack));
  const own = company === undefined ? -1 : columns.findIndex(({ name }) => name === company.name);
  const wanted = fold(pack.manifest.company);
  return (row, line) => {
    if (row.length !== width)
      throw rowRefused(file, line, undefined, `this row has ${row.length} values for ${width} columns.`);
    const staged: (number | string | Uint8Array | null)[] = [line];
    for (const [index, reader] of readers.entries()) {
      const read = reader(row[at[index] ?? -1] ?? null);
      if (typeof read === 'object' && read !== null && 'problem' in read)
        throw rowRefused(file, line, columns[index]?.name, read.problem);
      staged.push(read);
    }
    if (own !== -1 && fold(String(staged[own + 1])) !== wanted)
      throw packRefusal(
        'pack-other-company',
        `${file.name}, line ${line}, column ${columns[own]?.name}: this row is not of the company ${pack.manifest.company}.`,
        'Have the pack made again for this company alone.',
        { file: file.name, line },
      );
    return staged;
  };
}

/** Where each column stands in the file, by folded name. Both must have the same, but for the sample. */
function columnPlaces(
  file: PackFile,
  names: readonly string[],
  columns: readonly ColumnShape[],
  isSample: boolean,
): ReadonlyMap<string, number> {
  const refuse = (column: string, what: string) =>
    packRefusal(
      'pack-columns-differ',
      `${file.name}, line 1, column ${column}: ${what}`,
      'The pack was made from another schema: have it made again from a database of this one.',
      { file: file.name, column },
    );
  const known = new Set(columns.map(({ name }) => fold(name)));
  const places = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    if (places.has(fold(name))) throw refuse(name, 'this column is there twice.');
    if (!known.has(fold(name)) && !isSample)
      throw refuse(name, `the table ${file.table} has no such column.`);
    places.set(fold(name), index);
  }
  const missing = columns.find(({ name }) => !places.has(fold(name)));
  if (missing !== undefined && !isSample)
    throw refuse(missing.name, `the file does not have this column of ${file.table}.`);
  return places;
}

type Read = string | Uint8Array | null | { readonly problem: string };

/** A column says the same thing in most rows: what was read last is not read again. */
function valueReader(column: ColumnShape, { sample }: Pack): (text: string | null) => Read {
  const check = readValue(column);
  const isText = /char$/.test(column.type);
  let last: string | undefined;
  let lastRead: ReturnType<ReadValue> | undefined;
  return (text) => {
    if (text === null) return column.isNullable ? null : { problem: 'this column cannot be NULL.' };
    const meant = isText ? (sample?.standIns.get(text) ?? text) : text;
    if (meant !== last || lastRead === undefined) {
      last = meant;
      lastRead = check(meant);
    }
    return 'problem' in lastRead ? lastRead : lastRead.value;
  };
}
