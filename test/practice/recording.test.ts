import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Request, TYPES } from 'tedious';
import { expect, it } from 'vitest';
import { recording } from '../../src/practice/recording.ts';
import { listen } from '../../src/practice/tds/server.ts';
import { connectTedious } from './tds/clients.ts';
import { FakeEngine } from './tds/fake-engine.ts';

it('writes down each batch and each statement once, with the program that sent it, and runs them all', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'storedb-recording-'));
  const file = join(folder, 'recorded.jsonl');
  const engine = new FakeEngine();
  const server = await listen(recording(engine, file), { port: 0 });
  const connection = await connectTedious(server, { appName: 'storedb' });
  const send = (sql: string, how: (request: Request) => void) =>
    new Promise<void>((resolve, reject) => {
      how(new Request(sql, (error) => (error ? reject(error) : resolve())));
    });
  try {
    await send('PRINT 1\nPRINT 2', (request) => connection.execSqlBatch(request));
    await send('PRINT 1\nPRINT 2', (request) => connection.execSqlBatch(request));
    await send('PRINT @secret', (request) => {
      request.addParameter('secret', TYPES.NVarChar, 'Canary#71');
      connection.execSql(request);
    });
    await send('dbo.report', (request) => connection.callProcedure(request));
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain('Canary#71');
    const sent = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { application: string; sql: string })
      .filter(({ sql }) => sql.startsWith('PRINT') || sql.includes('report'));
    expect(sent).toEqual([
      { application: 'storedb', sql: 'PRINT 1\nPRINT 2' },
      { application: 'storedb', sql: 'PRINT @secret' },
    ]);
    expect(engine.batches.filter((batch) => batch.startsWith('PRINT'))).toHaveLength(2);
    expect(engine.calls.map((call) => call.procedure)).toEqual(['sp_executesql', 'dbo.report']);
  } finally {
    connection.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
