import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../practice/server.ts';
import { type Case, caseFiles, readCases, type Verdict } from './cases.ts';
import { judgeOnServer, WireClient } from './over-the-wire.ts';

const isForeign = process.env.STOREDB_TEST_SERVER !== undefined;
/** Every case on the server that the environment names; a few of each kind over the wire of a practice server. */
const cases = caseFiles
  .flatMap((file) => readCases(`./${file}.jsonl`))
  .filter((_, i) => isForeign || i % 12 === 0);

/** The year of a version, by the major number of SERVERPROPERTY('ProductVersion'). */
const years: Readonly<Record<number, number>> = {
  10: 2008,
  11: 2012,
  12: 2014,
  13: 2016,
  14: 2017,
  15: 2019,
  16: 2022,
  17: 2025,
};

let server: TestServer | undefined;
let administrator: WireClient | undefined;

beforeAll(async () => {
  server = await startTestServer();
  administrator = await WireClient.connect(server);
});

afterAll(async () => {
  await administrator?.close();
  await server?.close();
});

const fits = (one: Case, year: number): boolean =>
  year >= (one.minVersion ?? one.since ?? 0) && year <= (one.maxVersion ?? 9999);

describe('the cases, asked over the wire', () => {
  test('agree with the server, or are reported', { timeout: 3_600_000 }, async () => {
    if (server === undefined || administrator === undefined) throw new Error('there is no server');
    const about = await administrator.run(
      "select cast(@@version as nvarchar(300)), cast(serverproperty('ProductVersion') as nvarchar(40))",
    );
    const [version = '', product = ''] = (about.sets[0]?.rows[0] ?? []).map(String);
    const isPractice = /practice server/i.test(version);
    const year = years[Number.parseInt(product, 10)] ?? 9999;
    const verdicts: Verdict[] = [];
    let skipped = 0;
    for (const one of cases) {
      // The practice server has some newer features, so all cases are for it.
      if (isPractice || fits(one, year)) verdicts.push(await judgeOnServer(one, server, administrator));
      else skipped++;
    }
    const count = (verdict: Verdict['verdict']) => verdicts.filter((one) => one.verdict === verdict).length;
    const summary = `${count('right')} agree, ${count('wrong')} disagree, ${count('refused')} refused, ${skipped} are for another version`;
    const disagreements = verdicts.filter(({ verdict }) => verdict === 'wrong');
    if (isForeign) {
      const report = {
        server: version,
        summary,
        verdicts: verdicts.filter(({ verdict }) => verdict !== 'right'),
      };
      const folder = new URL('../../.cache/', import.meta.url);
      mkdirSync(folder, { recursive: true });
      writeFileSync(new URL('conformance-report.json', folder), `${JSON.stringify(report, undefined, 2)}\n`);
      const lines = disagreements.map(({ id, why }) => `  ${id}: ${why}`);
      process.stdout.write(
        `Conformance on ${version.split('\n')[0]}\n${lines.join('\n')}\n${summary}; .cache/conformance-report.json has the reasons.\n`,
      );
    }
    expect(verdicts.length, summary).toBeGreaterThan(0);
    // No case was recorded from SQL Server: its disagreement is a question to the case, and no failure of this test.
    if (isPractice) expect(disagreements, summary).toEqual([]);
  });
});
