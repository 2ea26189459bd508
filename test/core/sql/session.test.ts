import { type Connection, Request } from 'tedious';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSqlServers } from '../../../src/core/sql/connect.ts';
import { SqlFailure } from '../../../src/core/sql/failures.ts';
import type { DriverSession } from '../../../src/core/sql/mssql-session.ts';
import {
  type Asked,
  fail,
  options,
  print,
  row,
  type ScriptedServer,
  scriptedServer,
  target,
} from './scripted-server.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function connected(
  answer?: (asked: Asked) => Promise<void> | void,
): Promise<{ server: ScriptedServer; session: DriverSession }> {
  const server = await scriptedServer(answer);
  ends.push(() => server.close());
  const session = await createSqlServers(options()).connect(target(`127.0.0.1,${server.port}`));
  ends.push(() => session.close());
  return { server, session };
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('a session', () => {
  it('is one connection, opened once, to master by default, and named', async () => {
    const { server, session } = await connected(({ sink }) => row(sink, { n: 1 }));
    await session.query('SELECT 1');
    await session.batch('PRINT 1');
    await session.query('SELECT 2');
    expect(server.logins).toHaveLength(1);
    expect(server.logins[0]).toMatchObject({
      database: 'master',
      application: 'storedb test',
      isEncrypted: true,
    });
    expect(server.asked.map((each) => each.session)).toEqual([1, 1, 1]);
    expect(server.asked.map((each) => each.text)).toEqual(['SELECT 1', 'PRINT 1', 'SELECT 2']);
  });

  it('gives the rows of the first result set', async () => {
    const { session } = await connected(({ sink }) => {
      row(sink, { name: 'Größe', n: 7, none: null });
      row(sink, { other: 2 });
    });
    expect(await session.query('SELECT')).toEqual([{ name: 'Größe', n: 7, none: null }]);
  });

  it('gives no rows for a statement without any', async () => {
    const { session } = await connected();
    expect(await session.query('SET NOCOUNT ON')).toEqual([]);
  });

  it('sends parameters as values, each under a type of its own', async () => {
    const { server, session } = await connected();
    const when = new Date('2026-11-22T10:20:30.000Z');
    await session.query('x', {
      text: "it's",
      int: 5,
      big: 5_000_000_000,
      half: 0.5,
      yes: true,
      when,
      bytes: new Uint8Array([1, 2]),
      none: null,
      long: 'x'.repeat(5000),
    });
    const sent = server.asked[0]!.parameters;
    expect(sent.map((each) => [each.name, each.type.kind])).toEqual([
      ['@text', 'nvarchar'],
      ['@int', 'int'],
      ['@big', 'bigint'],
      ['@half', 'float'],
      ['@yes', 'bit'],
      ['@when', 'datetime'],
      ['@bytes', 'varbinary'],
      ['@none', 'nvarchar'],
      ['@long', 'nvarchar'],
    ]);
    expect(sent[0]!.value).toBe("it's");
    expect(sent[2]!.value).toBe(5_000_000_000n);
    expect(String(sent[8]!.value)).toHaveLength(5000);
  });

  it('refuses a number that a bigint column would not get back exactly', async () => {
    const { session } = await connected();
    await expect(session.query('x', { n: 2 ** 60 })).rejects.toThrow('pass it as text');
    expect(await session.query('still usable')).toEqual([]);
  });

  it('returns what a batch printed, without the messages of USE', async () => {
    const { session } = await connected(({ sink }) => {
      print(sink, 'one');
      sink.message({ number: 5701, state: 2, class: 0, text: "Changed database context to 'x'.", line: 1 });
      print(sink, 'two');
    });
    expect(await session.batch('PRINT')).toEqual({ messages: ['one', 'two'] });
  });

  it('runs requests that overlap one after the other', async () => {
    const order: string[] = [];
    const { session } = await connected(async ({ text, sink }) => {
      order.push(`+${text}`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`-${text}`);
      row(sink, { n: 1 });
    });
    await Promise.all([session.query('a'), session.batch('b'), session.query('c')]);
    expect(order).toEqual(['+a', '-a', '+b', '-b', '+c', '-c']);
  });
});

describe('the connection of the driver', () => {
  const send = (connection: Connection, text: string) =>
    new Promise<number>((resolve, reject) => {
      connection.execSqlBatch(
        new Request(text, (error, count) => (error ? reject(error) : resolve(count ?? 0))),
      );
    });

  it('is lent for one piece of work at a time, in turn with the other requests', async () => {
    const { server, session } = await connected();
    await Promise.all([
      session.batch('before'),
      session.withDriver(async (connection) => {
        await send(connection, 'first');
        await send(connection, 'second');
      }),
      session.batch('after'),
    ]);
    expect(server.asked.map((each) => each.text)).toEqual(['before', 'first', 'second', 'after']);
    expect(server.logins).toHaveLength(1);
  });

  it('fails like the session does', async () => {
    const { session } = await connected(({ sink }) => {
      fail(sink, 4815, 'Received an invalid column length');
      fail(sink, 3621, 'The statement has been terminated');
    });
    await expect(session.withDriver((connection) => send(connection, 'x'))).rejects.toMatchObject({
      name: 'SqlFailure',
      number: 4815,
      followedBy: [{ number: 3621 }],
    });
    await session.close();
    await expect(session.withDriver(async () => 1)).rejects.toMatchObject({ code: 'connection-lost' });
  });
});

describe('a statement that fails', () => {
  it('rejects with what the server said, the first error first', async () => {
    const { session } = await connected(({ text, sink }) => {
      if (!text.startsWith('CREATE')) return;
      fail(sink, 5123, 'CREATE FILE encountered operating system error 5');
      fail(sink, 1802, 'CREATE DATABASE failed.');
    });
    const failure = await session.batch('CREATE DATABASE x').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SqlFailure);
    expect(failure).toMatchObject({
      number: 5123,
      state: 3,
      class: 16,
      line: 7,
      procedure: 'p',
      followedBy: [{ number: 1802 }],
    });
    expect(session.isLost).toBe(false);
    expect(await session.query('next')).toEqual([]);
  });
});

describe('an aborted request', () => {
  it('is taken back on the server and leaves the session usable', async () => {
    let wasTakenBack = false;
    const { server, session } = await connected(async ({ text, signal }) => {
      if (text !== 'WAITFOR') return;
      await aborted(signal);
      wasTakenBack = true;
    });
    const stop = new AbortController();
    const running = session.batch('WAITFOR', stop.signal);
    const outcome = expect(running).rejects.toBe('enough');
    await vi.waitFor(() => expect(server.asked).toHaveLength(1));
    stop.abort('enough');
    await outcome;
    expect(wasTakenBack).toBe(true);
    expect(session.isLost).toBe(false);
    expect(await session.query('next')).toEqual([]);
    expect(server.logins).toHaveLength(1);
  });

  it('is not sent when the signal was aborted before', async () => {
    const { server, session } = await connected();
    await expect(session.query('x', {}, AbortSignal.abort('early'))).rejects.toBe('early');
    expect(server.asked).toEqual([]);
  });
});

describe('a connection that dies', () => {
  it('is not replaced: the request under way and all later ones say that it was lost', async () => {
    const { server, session } = await connected(async ({ text, signal }) => {
      if (text === 'HANG') await aborted(signal);
    });
    const running = expect(session.batch('HANG')).rejects.toMatchObject({
      code: 'connection-lost',
      exit: 'connection',
    });
    await vi.waitFor(() => expect(server.asked).toHaveLength(1));
    await server.close();
    await running;
    expect(session.isLost).toBe(true);
    await expect(session.query('next')).rejects.toMatchObject({ code: 'connection-lost' });
    await expect(session.batch('next')).rejects.toMatchObject({ code: 'connection-lost' });
  });

  it('is noticed between two requests as well, without another sign-in', async () => {
    const server = await scriptedServer();
    ends.push(() => server.close());
    const session = await createSqlServers(options()).connect(target(`127.0.0.1,${server.port}`));
    ends.push(() => session.close());
    await session.query('one');
    await server.close();
    await vi.waitFor(() => expect(session.isLost).toBe(true));
    await expect(session.query('next')).rejects.toMatchObject({ code: 'connection-lost' });
    expect(server.logins).toHaveLength(1);
  });

  it('is all that becomes of an answer that has just ended, and not the end of the process', async () => {
    const { session } = await connected(({ sink }) => row(sink, { n: 1 }));
    const answered = await session.withDriver(
      (connection) =>
        new Promise<unknown>((resolve) => {
          const request = new Request('SELECT 1', resolve);
          request.on('row', () => connection.close());
          connection.execSqlBatch(request);
        }),
    );
    expect(answered).toMatchObject({ code: 'ECLOSE' });
    await expect(session.query('SELECT 2')).rejects.toMatchObject({ code: 'connection-lost' });
  });

  it('is what close leaves behind, also in the middle of a request', async () => {
    const { server, session } = await connected(async ({ signal }) => aborted(signal));
    const running = expect(session.batch('HANG')).rejects.toMatchObject({ code: 'connection-lost' });
    await vi.waitFor(() => expect(server.asked).toHaveLength(1));
    await session.close();
    await running;
    expect(session.isLost).toBe(true);
    await session.close();
  });
});
