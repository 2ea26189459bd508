import { TYPES } from 'tedious';
import type { ColumnMetadata } from 'tedious/lib/token/colmetadata-token-parser.js';
import { Parser } from 'tedious/lib/token/token-stream-parser.js';
import { ExpectedError } from '../../../errors.ts';
import { silentOnceClosed } from '../../../sql/answers-after-close.ts';
import type { Way } from '../pass-rows.ts';
import { lastValue } from './last-value.ts';
import { type CopierOptions, RowCopier, type RowRun } from './row-copier.ts';
import { spellValue } from './spell-value.ts';
import { typeInfo, typeOnWire } from './wire-types.ts';

/** A column of the table that is loaded into: its type as T-SQL declares it, and as `typeOnWire` says it. */
export type LoadColumn = { readonly name: string; readonly declaration: string; readonly wire: string };

export type LoadTarget = {
  /** Quoted. */
  readonly table: string;
  readonly columns: readonly LoadColumn[];
  /** A table lock: for a table that nobody else uses. */
  readonly isLocked: boolean;
  /** Whether constraints are checked; a staging table has none. */
  readonly isChecked: boolean;
  /** Whether triggers fire; false asks for the right to alter a table that has any. */
  readonly firesTriggers: boolean;
};

/**
 * The rows of an answer as they came over the wire, into a bulk load. Exact by its nature: no value is looked
 * at on its way. Uses what tedious does not promise (`createTokenStreamParser`, its parser of answers, types of one's
 * own in `addColumn`), so its version is pinned and a test goes through every type. `mostRows` of a batch.
 */
export function rawRows(target: LoadTarget, mostRows?: number): Way<RowRun> {
  return {
    ahead: 8,
    open: (connection, request, onRun) => {
      request.on('row', onRun);
      const usual = connection.createTokenStreamParser;
      const options: CopierOptions = { ...connection.config.options, mostRows };
      connection.createTokenStreamParser = (message, handler) =>
        silentOnceClosed(connection, new RawAnswer(message, connection.debug, handler, options));
      return () => {
        connection.createTokenStreamParser = usual;
      };
    },
    load: (connection, runs, first) => {
      refuseChanged(target, first.columns);
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const { isLocked: lockTable, isChecked: checkConstraints, firesTriggers: fireTriggers } = target;
      const options = { keepNulls: true, lockTable, checkConstraints, fireTriggers };
      const bulk = connection.newBulkLoad(target.table, options, (error, count) =>
        error ? reject(error) : resolve(count ?? 0),
      );
      for (const [index, { name, declaration }] of target.columns.entries()) {
        const metadata = first.columns[index];
        if (metadata !== undefined)
          bulk.addColumn(name, passedOn(metadata, declaration, index === 0), { nullable: true });
      }
      connection.execBulkLoad(bulk, asRows(runs));
      return promise;
    },
    spell: (run, place) => {
      const [column, value] = [run.columns[place], lastValue(run, place)];
      return column === undefined || value === undefined ? undefined : spellValue(column, value);
    },
  };
}

/** tedious' parser loop around a `RowCopier`. */
class RawAnswer extends Parser {
  // Set before `run` is called, which the driver's constructor does.
  declare options: CopierOptions;

  override async run(...[message, handler]: Parameters<Parser['run']>): Promise<void> {
    const copier = new RowCopier(this.options);
    for await (const chunk of message) {
      copier.write(chunk);
      for (;;) {
        while (this.paused)
          await new Promise<void>((resolve) => {
            this.onResume = resolve;
          });
        const token = copier.read();
        if (token === undefined) break;
        const take = handler[token.handlerName] as (token: unknown) => void;
        take.call(handler, token);
      }
    }
    copier.end();
  }
}

type DataType = (typeof TYPES)['Int'];

/** A type whose values are already bytes: the first column writes those of a whole run, the others nothing. */
function passedOn(column: ColumnMetadata, declaration: string, isFirst: boolean): DataType {
  const { id, type, name } = TYPES.Int;
  return {
    ...{ id, type, name },
    declaration: () => declaration,
    validate: (value: unknown) => value,
    writeTypeInfo: (buffer) => buffer.writeBuffer(typeInfo(column)),
    writeValue: (buffer, { value }) => {
      if (isFirst) buffer.writeBuffer(value);
    },
  };
}

async function* asRows(runs: AsyncIterable<RowRun>): AsyncGenerator<Buffer[]> {
  for await (const { bytes } of runs) yield [bytes];
}

/** The bytes of one type read as another would be other values, so a table that was altered meanwhile is not loaded. */
function refuseChanged({ table, columns }: LoadTarget, found: readonly ColumnMetadata[]): void {
  const types = found.map(typeOnWire);
  const wrong = columns.find(({ wire }, index) => wire !== types[index]);
  if (wrong === undefined && types.length === columns.length) return;
  throw new ExpectedError({
    code: 'table-changed',
    exit: 'failedPartWay',
    message: `The columns for ${table} came as other types than expected: ${types.join(', ')}.`,
    hint: 'The table was changed at the other side meanwhile. Run it again.',
    details: { table, ...(wrong && { column: wrong.name, expected: wrong.wire }) },
  });
}
