import { describe, expect, it } from 'vitest';
import { exitOf } from '../../../src/cli/sync/status.ts';
import { statusLines } from '../../../src/cli/sync/status-lines.ts';
import { lookedAt, sampleScopes, sampleStatus, storeAway } from '../../screens/sample-monitors.ts';

describe('the status of the synchronisation in lines', () => {
  it('is a table and what a person should know', () => {
    expect(statusLines(sampleStatus()).join('\n')).toMatchInlineSnapshot(`
      "Synchronisation of HOUSTON-1  (14:26:02)
        Scope                          Direction  Last run      Rows  Errors   Waiting
        Tax                            down       14:25:58         0       0         0
        Products                       down       14:25:58        14       0         0
        Prices and discounts           down       14:25:58   312,450       0         0
        POS transactions               up         14:25:58        37       0     1,200
        Suspended transactions         both       14:25:58         1       1         1
        Store     SRV01\\RETAIL / AXRETAILPOS
        Register  .\\SQLEXPRESS / AXRETAILPOSOFFLINE
        warning  1 row is parked
                 Next: storedb sync conflicts list ANSWERS"
    `);
  });

  it('says what cannot be known while the store is away', () => {
    expect(statusLines(storeAway()).join('\n')).toMatchInlineSnapshot(`
      "Synchronisation of HOUSTON-1  (14:26:02)
        Scope                          Direction  Last run      Rows  Errors   Waiting
        Tax                            down       14:25:58         0       0         ?
        Products                       down       14:25:58        14       0         ?
        Prices and discounts           down       14:25:58   312,450       0         ?
        POS transactions               up         14:25:58        37       0     1,200
        Suspended transactions         both       14:25:58         1       1        1+
        Store     SRV01\\RETAIL / AXRETAILPOS: cannot be reached
        Register  .\\SQLEXPRESS / AXRETAILPOSOFFLINE
        warning  The server SRV01\\RETAIL does not answer on port 49172.
                 Next: Check the cable and whether the server is on; sales wait here
                 meanwhile.
        warning  1 row is parked
                 Next: storedb sync conflicts list ANSWERS"
    `);
  });

  it('fits 80 columns whatever has to be said', () => {
    const long = `${'word '.repeat(60)}end`;
    const status = sampleStatus({
      findings: [{ code: 'x', message: long, hint: long }],
      lastError: { atUtc: lookedAt, scope: 'Products', message: long },
      holder: long,
      store: {
        isReachable: true,
        server: 'SRV01\\RETAIL',
        database: 'AXRETAILPOS',
        size: { usedMb: 9800, limitMb: 10_240 },
        stalled: { sinceUtc: lookedAt, holder: long },
      },
      scopes: sampleScopes.map((scope) => ({ ...scope, scope: `${scope.scope} ${long}`, loading: 2 })),
    });
    for (const line of statusLines(status)) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('ends with 0 where all is well, 21 where somebody is needed, 5 where a side is away', () => {
    const well = sampleStatus({ parked: 0 });
    expect(exitOf(well)).toBe('done');
    expect(exitOf(sampleStatus())).toBe('verifyFoundProblems');
    expect(exitOf(storeAway())).toBe('connection');
    const failed = sampleScopes.map((scope) => ({
      ...scope,
      lastRun: scope.lastRun && { ...scope.lastRun, outcome: 'failed' as const },
    }));
    expect(exitOf({ ...well, scopes: failed })).toBe('verifyFoundProblems');
    const findings = [{ code: 'x', message: 'The register was restored.', hint: '' }];
    expect(exitOf({ ...well, findings })).toBe('verifyFoundProblems');
    const { store } = storeAway();
    expect(exitOf({ ...well, offline: store })).toBe('connection');
  });
});
