/** What real clients say to the server, packet by packet: the material of the mutations. */

import { setImmediate as turn } from 'node:timers/promises';
import mssql from 'mssql';
import { startPracticeServer } from '../../../src/practice/index.ts';

/** As it goes over the wire, with its header. */
export type RawPacket = { readonly type: number; readonly status: number; readonly data: Buffer };
export type Conversation = { readonly name: string; readonly packets: readonly RawPacket[] };

/** `hasSent` says whether a text has left the client. */
type Act = readonly [
  string,
  (pool: mssql.ConnectionPool, hasSent: (text: string) => boolean) => Promise<unknown>,
];

const acts: readonly Act[] = [
  ['a batch', (pool) => pool.request().batch("select 1 a, N'x' b print 'p' raiserror('r', 16, 1)")],
  [
    'parameters of many types',
    (pool) =>
      pool
        .request()
        .input('i', mssql.Int, 7)
        .input('b', mssql.BigInt, '9007199254740993')
        .input('n', mssql.NVarChar(50), 'text')
        .input('m', mssql.NVarChar(mssql.MAX), 'y'.repeat(9000))
        .input('v', mssql.VarBinary(mssql.MAX), Buffer.alloc(5000, 7))
        .input('d', mssql.DateTime2(7), new Date(0))
        .input('e', mssql.DateTimeOffset(3), new Date(0))
        .input('t', mssql.Time(2), new Date(0))
        .input('c', mssql.Decimal(18, 4), 12.5)
        .input('g', mssql.UniqueIdentifier, '6F9619FF-8B86-D011-B42D-00C04FC964FF')
        .input('f', mssql.Float, 1.5)
        .input('y', mssql.Money, 2.25)
        .input('x', mssql.Bit, true)
        .input('z', mssql.VarChar(10), null)
        .query('select @i, @b, @n, @m, @v, @d, @e, @t, @c, @g, @f, @y, @x, @z'),
  ],
  [
    'a procedure with output',
    async (pool) => {
      await pool
        .request()
        .batch(
          "if object_id('p') is null exec ('create procedure p @a int, @b int output as set @b = @a return 4')",
        );
      await pool.request().input('a', mssql.Int, 3).output('b', mssql.Int).execute('p');
    },
  ],
  [
    'a prepared statement',
    async (pool) => {
      const statement = new mssql.PreparedStatement(pool);
      statement.input('p', mssql.Int);
      await statement.prepare('select @p');
      await statement.execute({ p: 1 });
      await statement.execute({ p: 2 });
      await statement.unprepare();
    },
  ],
  [
    'a transaction',
    async (pool) => {
      const transaction = new mssql.Transaction(pool);
      await transaction.begin(mssql.ISOLATION_LEVEL.SERIALIZABLE);
      await transaction.request().query('create table #x (a int) insert #x values (1)');
      await transaction.commit();
      await transaction.begin();
      await transaction.rollback();
    },
  ],
  [
    'a bulk load',
    async (pool) => {
      const table = new mssql.Table('bulk_target');
      table.create = true;
      table.columns.add('a', mssql.Int, { nullable: false });
      table.columns.add('b', mssql.NVarChar(20), { nullable: true });
      table.columns.add('c', mssql.Decimal(9, 2), { nullable: true });
      table.columns.add('d', mssql.DateTime2(3), { nullable: true });
      table.columns.add('e', mssql.VarBinary(mssql.MAX), { nullable: true });
      for (let i = 0; i < 20; i++)
        table.rows.add(i, i % 3 === 0 ? null : `row ${i}`, i / 4, new Date(i), Buffer.alloc(i * 10));
      await pool.request().bulk(table);
    },
  ],
  [
    'a cancelled request',
    async (pool, hasSent) => {
      const request = pool.request();
      const running = request.query("waitfor delay '00:01:00'").catch(() => undefined);
      while (!hasSent('waitfor')) await turn();
      request.cancel();
      await running;
    },
  ],
];

/** Runs every act over a connection in clear and keeps what the client sent on each connection. */
export const recordConversations = async (): Promise<readonly Conversation[]> => {
  const conversations: Conversation[] = [];
  for (const [name, act] of acts) {
    const byConnection = new Map<number, RawPacket[]>();
    const server = await startPracticeServer({
      password: 'Secret-1',
      wire: {
        onPacket: ({ direction, connection, type, status, data }) => {
          if (direction === 'in') {
            const sent = byConnection.get(connection) ?? [];
            byConnection.set(connection, sent);
            sent.push({ type, status, data: Buffer.from(data) });
          }
          return 'pass';
        },
      },
    });
    const pool = await new mssql.ConnectionPool({
      server: '127.0.0.1',
      port: server.port,
      user: 'sa',
      password: 'Secret-1',
      pool: { max: 1 },
      options: { encrypt: false },
    }).connect();
    const hasSent = (text: string): boolean =>
      [...byConnection.values()].flat().some(({ data }) => data.includes(Buffer.from(text, 'utf16le')));
    await act(pool, hasSent).catch((problem: unknown) => {
      if (!(problem instanceof mssql.RequestError)) throw problem;
    });
    await pool.close();
    await server.close();
    const longest = [...byConnection.values()].toSorted((a, b) => b.length - a.length)[0];
    if (longest !== undefined) conversations.push({ name, packets: longest });
  }
  return conversations;
};
