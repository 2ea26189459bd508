import { describe, expect, it } from 'vitest';
import { detailLines } from '../../../src/cli/sync/conflicts.ts';
import { sampleDetail } from '../../screens/sample-monitors.ts';

describe('a parked row in lines', () => {
  it('shows what differs on the three sides, whole', () => {
    expect(detailLines(sampleDetail()).join('\n')).toMatchInlineSnapshot(`
      "S12  RETAILSUSPENDEDTRANSACTIONS  TRANSACTIONID=000123, STORE=HOUSTON
        The row was changed on both sides; the store keeps its own.
        In the store's database, scope Suspended transactions, tried 2 times
          TRANSACTIONID  000123
        ! NETAMOUNT
            parked        1844.6800000000000000
            store now     12.5000000000000000
            register now  1844.68
        ! COMMENT
            parked        NULL
            store now     taken over by till 2
            register now  (no such row)"
    `);
  });

  it('says of a deletion that it is one', () => {
    const [, ...lines] = detailLines({ ...sampleDetail(), isGone: true });
    expect(lines.filter((line) => line.includes('parked  '))).toEqual([
      '      parked        deleted',
      '      parked        deleted',
    ]);
  });
});
