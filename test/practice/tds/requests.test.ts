import mssql from 'mssql';
import { type Connection, Request, TYPES } from 'tedious';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/practice/engine/types.ts';
import { BareClient, connectTedious, loginPacket, poolOn, runBatch, serverFor } from './clients.ts';
import { aborted, column, until } from './fake-engine.ts';

const int = column('a', { kind: 'int' });
const done = { command: 0, isError: false, isInProcedure: false };

describe('a response', () => {
  it('carries several results, counts and messages in their order', async () => {
    await using fixture = await serverFor();
    await using pool = await poolOn(fixture.server);
    fixture.engine.answers.set('q', async (sink) => {
      sink.message({ number: 50000, state: 2, class: 10, text: 'half way', line: 3 });
      sink.columns([int]);
      await sink.row([1]);
      sink.statementDone({ ...done, count: 1, command: 0xc1 });
      sink.statementDone({ ...done, count: 7, command: 0xc5 });
      sink.columns([column('b', { kind: 'nvarchar', length: 3 })]);
      sink.statementDone({ ...done, count: 0, command: 0xc1 });
    });
    const request = pool.request();
    const messages: unknown[] = [];
    request.on('info', (message) =>
      messages.push([message.message, message.number, message.state, message.lineNumber]),
    );
    const result = await request.batch('q');
    expect(result.recordsets).toEqual([[{ a: 1 }], []]);
    expect(result.rowsAffected).toEqual([1, 7, 0]);
    expect(messages).toEqual([['half way', 50000, 2, 3]]);
  });

  it('carries errors with number, state, class, line and procedure, and the connection goes on', async () => {
    await using fixture = await serverFor();
    await using pool = await poolOn(fixture.server);
    fixture.engine.answers.set('q', (sink) => {
      sink.message({ number: 2627, state: 3, class: 14, text: 'Violation.', line: 12, procedure: 'dbo.p' });
      sink.statementDone({ ...done, isError: true });
    });
    for (const run of [pool.request().batch('q'), pool.request().query('q')]) {
      await expect(run).rejects.toMatchObject({
        number: 2627,
        state: 3,
        class: 14,
        lineNumber: 12,
        procName: 'dbo.p',
        serverName: 'PRACTICE',
        message: 'Violation.',
      });
    }
    expect((await pool.request().query('SELECT 1;')).recordset).toEqual([{ '': 1 }]);
  });

  it('carries an error that no statement ends, such as one of syntax', async () => {
    await using fixture = await serverFor();
    await using pool = await poolOn(fixture.server);
    fixture.engine.answers.set('q', (sink) =>
      sink.message({ number: 102, state: 1, class: 15, text: 'Near x.', line: 1 }),
    );
    await expect(pool.request().batch('q')).rejects.toMatchObject({ number: 102 });
    await expect(pool.request().query('q')).rejects.toMatchObject({ number: 102 });
  });

  it('after a bug of the engine says so and ends the connection; the server goes on', async () => {
    await using fixture = await serverFor();
    await using pool = await poolOn(fixture.server);
    fixture.engine.answers.set('bug', () => {
      throw new Error('no such thing');
    });
    fixture.engine.answers.set('wrong value', async (sink) => {
      sink.columns([int]);
      await sink.row(['text']);
    });
    await expect(pool.request().batch('bug')).rejects.toMatchObject({
      class: 20,
      message: /internal error: no such thing/,
    });
    await expect(pool.request().batch('wrong value')).rejects.toMatchObject({
      message: /gave string as a value of int/,
    });
    expect(fixture.problems).toHaveLength(2);
    expect((await pool.request().query('SELECT 1;')).recordset).toHaveLength(1);
  });

  it('gives output parameters and the return status of a procedure', async () => {
    await using fixture = await serverFor();
    await using pool = await poolOn(fixture.server);
    fixture.engine.onCall = async (_call, sink) => {
      sink.columns([int]);
      await sink.row([4]);
      sink.statementDone({ ...done, count: 1, command: 0xc1, isInProcedure: true });
    };
    const result = await pool
      .request()
      .output('n', mssql.NVarChar(20), 'ü')
      .output('i', mssql.Int)
      .execute('dbo.p');
    expect(result.output).toEqual({ n: 'ü', i: null });
    expect(result.returnValue).toBe(0);
    expect(result.recordset).toEqual([{ a: 4 }]);
  });

  it('of EXEC in a batch carries its status', async () => {
    await using fixture = await serverFor();
    const connection = await connectTedious(fixture.server);
    fixture.engine.answers.set('exec p', (sink) => sink.returnStatus(3));
    const statuses: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      const request = new Request('exec p', (error) => (error ? reject(error) : resolve()));
      request.on('doneProc', (_count, _more, status) => statuses.push(status));
      connection.execSqlBatch(request);
    });
    expect(statuses).toEqual([3]);
    connection.close();
  });

  for (const packetSize of [512, 4096, 16384, 32767]) {
    for (const encrypt of [false, true]) {
      it(`is whole in packets of ${packetSize} bytes${encrypt ? ' over TLS' : ''}`, async () => {
        const sizes = new Set<number>();
        await using fixture = await serverFor({
          onPacket: (packet) => {
            if (packet.direction === 'out') sizes.add(packet.data.length + 8);
            return 'pass';
          },
        });
        await using pool = await poolOn(fixture.server, { packetSize, encrypt });
        const text = 'r'.repeat(3000);
        const rows: Row[] = Array.from({ length: 200 }, (_, index) => [index, text]);
        fixture.engine.answerRows('q', [int, column('t', { kind: 'nvarchar', length: 4000 })], rows);
        const { recordset } = await pool.request().query('q');
        expect(recordset.map((row) => row.a)).toEqual(rows.map(([index]) => index));
        expect(recordset.every((row) => row.t === text)).toBe(true);
        expect(Math.max(...sizes)).toBe(packetSize);
      });
    }
  }

  it('waits for a client that does not read', async () => {
    await using fixture = await serverFor();
    const connection = await connectTedious(fixture.server);
    const text = 'x'.repeat(4000);
    let written = 0;
    let isWaiting = false;
    fixture.engine.answers.set('q', async (sink) => {
      sink.columns([column('t', { kind: 'nvarchar', length: 4000 })]);
      for (; written < 20_000; written++) {
        const wait = sink.row([text]);
        if (wait) {
          isWaiting = true;
          await wait;
          isWaiting = false;
        }
      }
      sink.statementDone({ ...done, count: written });
    });
    let rows = 0;
    const finished = new Promise<void>((resolve, reject) => {
      const request = new Request('q', (error) => (error ? reject(error) : resolve()));
      request.on('row', () => {
        rows += 1;
        if (rows === 1) request.pause();
      });
      connection.execSqlBatch(request);
      void until(() => isWaiting && rows >= 1).then(() => {
        expect(written).toBeLessThan(20_000);
        request.resume();
      });
    });
    await finished;
    expect(rows).toBe(20_000);
    connection.close();
  });
});

describe('prepared statements and transactions', () => {
  it('prepare, execute and unprepare reach the engine by name', async () => {
    await using fixture = await serverFor();
    await using pool = await poolOn(fixture.server);
    const statement = new mssql.PreparedStatement(pool);
    statement.input('a', mssql.Int);
    await statement.prepare('select @a');
    await statement.execute({ a: 5 });
    await statement.unprepare();
    const names = fixture.engine.calls
      .map((call) => call.procedure)
      .filter((name) => name !== 'sp_executesql');
    expect(names).toEqual(['sp_prepare', 'sp_execute', 'sp_unprepare']);
  });

  it('begin with an isolation, save, commit and roll back', async () => {
    await using fixture = await serverFor();
    await using pool = await poolOn(fixture.server);
    for (const end of ['commit', 'rollback'] as const) {
      const transaction = new mssql.Transaction(pool);
      await transaction.begin(mssql.ISOLATION_LEVEL.SERIALIZABLE);
      await transaction.request().query('SELECT 1;');
      await transaction[end]();
    }
    expect(fixture.engine.transactions).toEqual(['begin 4', 'commit', 'begin 4', 'rollback']);
  });

  it('a rollback by the server reaches the driver', async () => {
    await using fixture = await serverFor();
    await using pool = await poolOn(fixture.server);
    fixture.engine.answers.set('fails', (sink) => {
      sink.environment({ kind: 'transaction-rolled-back', descriptor: 1n });
      sink.message({ number: 1205, state: 1, class: 13, text: 'Deadlock.', line: 1 });
      sink.statementDone({ ...done, isError: true });
    });
    const transaction = new mssql.Transaction(pool);
    await transaction.begin();
    const rolledBack = new Promise<boolean>((resolve) => transaction.once('rollback', resolve));
    await expect(transaction.request().query('fails')).rejects.toMatchObject({ number: 1205 });
    expect(await rolledBack).toBe(true);
  });

  it('a reset of the connection comes before the request that asks for it', async () => {
    await using fixture = await serverFor();
    const connection = await connectTedious(fixture.server);
    await new Promise<void>((resolve, reject) =>
      connection.reset((error) => (error ? reject(error) : resolve())),
    );
    expect(fixture.engine.resets).toEqual([false]);
    connection.close();
  });
});

function bulk(
  connection: Connection,
  rows: Iterable<unknown[]> | AsyncIterable<unknown[]>,
  cancelAfter?: Promise<void>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const load = connection.newBulkLoad('dbo.T', { keepNulls: true }, (error, count) =>
      error ? reject(error) : resolve(count ?? -1),
    );
    load.addColumn('id', TYPES.Int, { nullable: false });
    load.addColumn('name', TYPES.NVarChar, { length: 50, nullable: true });
    load.addColumn('amount', TYPES.Decimal, { precision: 19, scale: 4, nullable: true });
    load.addColumn('big', TYPES.NVarChar, { length: Number.POSITIVE_INFINITY, nullable: true });
    load.addColumn('note', TYPES.Text, { nullable: true });
    load.addColumn('at', TYPES.DateTime, { nullable: true });
    connection.execBulkLoad(load, rows as Iterable<unknown[]>);
    void cancelAfter?.then(() => load.cancel());
  });
}

describe('a bulk load', () => {
  const at = new Date('2021-01-01T00:00:00Z');
  const rowOf = (id: number) => [
    id,
    id % 3 ? `n${id}` : null,
    id / 4,
    id % 5 ? null : 'ü'.repeat(id % 7000),
    'note',
    at,
  ];

  for (const packetSize of [512, 32767]) {
    it(`streams its rows to the engine in packets of ${packetSize} bytes`, async () => {
      await using fixture = await serverFor();
      const connection = await connectTedious(fixture.server, { packetSize });
      const sent = Array.from({ length: 5000 }, (_, index) => rowOf(index));
      expect(await bulk(connection, sent)).toBe(5000);
      expect(fixture.engine.batches.at(-1)).toMatch(/^insert bulk dbo\.T\(\[id\] int, /);
      const loaded = fixture.engine.loads[0]!;
      expect(loaded.columns).toEqual([
        { name: 'id', type: { kind: 'int' }, isNullable: false },
        { name: 'name', type: { kind: 'nvarchar', length: 50 }, isNullable: true },
        { name: 'amount', type: { kind: 'decimal', precision: 19, scale: 4 }, isNullable: true },
        { name: 'big', type: { kind: 'nvarchar', length: 'max' }, isNullable: true },
        { name: 'note', type: { kind: 'text' }, isNullable: true },
        { name: 'at', type: { kind: 'datetime' }, isNullable: true },
      ]);
      expect(loaded.rows).toHaveLength(5000);
      expect(loaded.rows).toEqual(
        sent.map(([id, name, amount, big]) => [
          id,
          name,
          BigInt(Math.round((amount as number) * 10000)),
          big,
          'note',
          44195 * 25_920_000,
        ]),
      );
      connection.close();
    });
  }

  it('that the engine refuses half way is answered with the error, and the connection goes on', async () => {
    await using fixture = await serverFor();
    const connection = await connectTedious(fixture.server);
    fixture.engine.onBulk = async (_columns, rows, sink) => {
      for await (const row of rows) if (row[0] === 10) break;
      sink.message({ number: 2627, state: 1, class: 14, text: 'Violation.', line: 1 });
      sink.statementDone({ ...done, isError: true });
    };
    await expect(
      bulk(
        connection,
        Array.from({ length: 20_000 }, (_, index) => rowOf(index)),
      ),
    ).rejects.toMatchObject({
      number: 2627,
    });
    fixture.engine.answerRows('q', [int], [[1]]);
    expect(await runBatch(connection, 'q')).toEqual([[1]]);
    connection.close();
  });

  it('holds the client back while the engine is slow', async () => {
    await using fixture = await serverFor();
    const connection = await connectTedious(fixture.server);
    let produced = 0;
    let proceed = (): void => {};
    const mayProceed = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    let count = 0;
    fixture.engine.onBulk = async (_columns, rows, sink) => {
      for await (const _ of rows) {
        if (count++ === 0) await mayProceed;
      }
      sink.statementDone({ ...done, count });
    };
    const text = 'x'.repeat(5000);
    async function* source() {
      for (; produced < 5_000; produced++) yield [produced, null, null, text, null, at];
    }
    const loading = bulk(connection, source());
    // The client stops of itself once the pipes are full: production stands still over many turns of the loop.
    for (let last = -1, still = 0; still < 200; ) {
      await new Promise((resolve) => setImmediate(resolve));
      still = produced === last && count > 0 ? still + 1 : 0;
      last = produced;
    }
    expect(produced).toBeLessThan(5_000);
    proceed();
    expect(await loading).toBe(5_000);
    connection.close();
  });

  it.each([
    ['with its message instead of a DONE, as FreeTDS ends it', ''],
    ['with a DONE whose count has 4 bytes, as SqlBulkCopy ends it', 'fd0000000000000000'],
    ['with a DONE of its dialect', 'fd000000000000000000000000'],
  ])('may end %s', async (_name, ending) => {
    await using fixture = await serverFor();
    const client = new BareClient(fixture.server.port);
    client.send(0x10, loginPacket('sa', 'Secret-1'));
    await client.answer();
    const columns = Buffer.from('81010000000000000038016100', 'hex');
    client.send(0x07, columns, 0);
    client.send(0x07, Buffer.from(`d107000000d108000000${ending}`, 'hex'));
    expect((await client.answer())?.at(0)).toBe(0xfd);
    expect(fixture.engine.loads[0]?.rows).toEqual([[7], [8]]);
    expect(fixture.problems).toEqual([]);
    client.socket.destroy();
  });

  it('that the client takes back leaves no row', async () => {
    await using fixture = await serverFor();
    const connection = await connectTedious(fixture.server);
    let seen = 0;
    let outcome = 'none';
    fixture.engine.onBulk = async (_columns, rows, _sink, signal) => {
      try {
        for await (const _ of rows) seen += 1;
        outcome = 'complete';
      } catch {
        outcome = signal.aborted ? 'aborted' : 'failed';
      }
    };
    async function* endless() {
      for (let id = 0; ; id++) yield [id, 'n', 1, 'x'.repeat(500), null, at];
    }
    await expect(
      bulk(
        connection,
        endless(),
        until(() => seen > 100),
      ),
    ).rejects.toMatchObject({ code: 'ECANCEL' });
    expect(outcome).toBe('aborted');
    fixture.engine.answerRows('q', [int], [[1]]);
    expect(await runBatch(connection, 'q')).toEqual([[1]]);
    connection.close();
  });
});

describe('a cancel', () => {
  for (const encrypt of [false, true]) {
    it(`stops a request that waits${encrypt ? ', over TLS' : ''}, and the connection goes on`, async () => {
      await using fixture = await serverFor();
      const connection = await connectTedious(fixture.server, { encrypt });
      let isRunning = false;
      fixture.engine.answers.set('waits', async (_sink, signal) => {
        isRunning = true;
        await aborted(signal);
      });
      const cancelled = new Promise<Error | null | undefined>((resolve) => {
        connection.execSqlBatch(new Request('waits', resolve));
      });
      await until(() => isRunning);
      connection.cancel();
      expect(await cancelled).toMatchObject({ code: 'ECANCEL' });
      fixture.engine.answerRows('q', [int], [[1]]);
      expect(await runBatch(connection, 'q')).toEqual([[1]]);
      connection.close();
    });
  }

  it('stops a request in the middle of its rows', async () => {
    await using fixture = await serverFor();
    const connection = await connectTedious(fixture.server);
    fixture.engine.answers.set('endless', async (sink, signal) => {
      sink.columns([column('t', { kind: 'nvarchar', length: 4000 })]);
      while (!signal.aborted)
        await (sink.row(['x'.repeat(1000)]) ?? new Promise((resolve) => setImmediate(resolve)));
      throw new Error('interrupted');
    });
    const cancelled = new Promise<Error | null | undefined>((resolve) => {
      const request = new Request('endless', resolve);
      request.once('row', () => connection.cancel());
      connection.execSqlBatch(request);
    });
    expect(await cancelled).toMatchObject({ code: 'ECANCEL' });
    fixture.engine.answerRows('q', [int], [[1]]);
    expect(await runBatch(connection, 'q')).toEqual([[1]]);
    expect(fixture.problems).toEqual([]);
    connection.close();
  });

  it('of a request of mssql leaves the pool whole', async () => {
    await using fixture = await serverFor();
    await using pool = await poolOn(fixture.server);
    let isRunning = false;
    fixture.engine.answers.set('waits', async (_sink, signal) => {
      isRunning = true;
      await aborted(signal);
    });
    const request = pool.request();
    const running = request.query('waits');
    void until(() => isRunning).then(() => request.cancel());
    await expect(running).rejects.toMatchObject({ code: 'ECANCEL' });
    expect((await pool.request().query('SELECT 1;')).recordset).toHaveLength(1);
  });
});
