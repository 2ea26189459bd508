import type { ColumnMetadata } from 'tedious/lib/token/colmetadata-token-parser.js';
import { NotEnoughDataError } from 'tedious/lib/token/helpers.js';
import streamParser from 'tedious/lib/token/stream-parser.js';
import { RowMeasure } from './row-measure.ts';

// The types describe `exports.default`; at run time the module is the class itself.
const StreamParser = streamParser as unknown as typeof streamParser.default;
type Token = ReturnType<InstanceType<typeof StreamParser>['readToken']>;

/** Rows as a bulk load wants them: each a ROW token with its values, but for the very first token. */
export type RowRun = {
  readonly bytes: Buffer;
  readonly rows: number;
  /** Where in `bytes` the values of the last row begin. */
  readonly last: number;
  readonly columns: readonly ColumnMetadata[];
};

export type CopierOptions = ConstructorParameters<typeof StreamParser>[0] & {
  /** A run ends with so many rows at the latest. */
  readonly mostRows?: number | undefined;
};

const rowToken = 0xd1;
const compressedRowToken = 0xd2;
/** Bytes of a run: enough that what is done once for a run does not count. */
const runSize = 64 * 1024;

/**
 * tedious' parser of an answer, but for the rows: their bytes are copied into runs without a look at the values, since
 * an answer and a bulk load spell them alike. Only fixed types get the byte of length that their nullable siblings
 * have, and a row with its NULLs left out (NBCROW) gets them back. A run goes to the handler as if it were one row.
 */
export class RowCopier extends StreamParser {
  #measure: RowMeasure | undefined;
  #run = Buffer.alloc(0);
  #at = 0;
  #last = 0;
  #rows = 0;
  readonly #mostRows: number;

  constructor(options: CopierOptions) {
    super(options);
    this.#mostRows = options.mostRows ?? Number.POSITIVE_INFINITY;
  }

  override readToken(): Token {
    while (true) {
      const token = this.buffer[this.position];
      if (token === undefined) throw new NotEnoughDataError(this.position + 1);
      if (token !== rowToken && token !== compressedRowToken)
        return this.#rows > 0 ? this.#take() : super.readToken();
      this.#copy(token === compressedRowToken);
      if (this.#at >= runSize || this.#rows >= this.#mostRows) return this.#take();
    }
  }

  #copy(isCompressed: boolean): void {
    const measure = this.#measureOf();
    const { size, end } = measure.measure(this.buffer, this.position + 1, isCompressed);
    if (this.#at + 1 + size > this.#run.length) {
      const run = Buffer.allocUnsafeSlow(Math.max(2 * runSize, this.#at + 1 + size));
      this.#run.copy(run, 0, 0, this.#at);
      this.#run = run;
    }
    this.#run[this.#at] = rowToken;
    this.#last = this.#at;
    this.#at = measure.copy(this.#run, this.#at + 1);
    this.#rows += 1;
    this.position = end;
  }

  #measureOf(): RowMeasure {
    if (this.#measure?.columns !== this.colMetadata) this.#measure = new RowMeasure(this.colMetadata);
    return this.#measure as RowMeasure;
  }

  #take(): Token {
    const run: RowRun = {
      bytes: this.#run.subarray(1, this.#at),
      rows: this.#rows,
      // Behind the row's own token, and one less because the very first token is left out.
      last: this.#last,
      columns: this.colMetadata,
    };
    this.#run = Buffer.alloc(0);
    this.#at = 0;
    this.#rows = 0;
    return { name: 'ROW', handlerName: 'onRow', columns: run } as unknown as Token;
  }
}
