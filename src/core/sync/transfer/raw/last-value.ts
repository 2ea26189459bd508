import type { RowRun } from './row-copier.ts';
import { endOfChunks } from './row-measure.ts';
import { layoutOf } from './wire-types.ts';

/** The bytes of a value of a run's last row; undefined = NULL, or a (max) type, of which no key is made. */
export function lastValue({ bytes, last, columns }: RowRun, place: number): Buffer | undefined {
  let at = last;
  for (const [index, column] of columns.entries()) {
    const { layout } = layoutOf(column);
    if (layout === 'chunked') {
      if (index === place) return undefined;
      at = endOfChunks(bytes, at);
      continue;
    }
    // In a run the fixed types have their byte of length too.
    const isLong = layout === 'short';
    const size = isLong ? bytes.readUInt16LE(at) : bytes.readUInt8(at);
    at += isLong ? 2 : 1;
    const isNull = isLong ? size === 0xffff : size === 0;
    if (index === place) return isNull ? undefined : bytes.subarray(at, at + size);
    if (!isNull) at += size;
  }
  return undefined;
}
