import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { Request } from 'tedious';
import { describe, expect, it } from 'vitest';
import { framePacket, PacketCutter } from '../../../src/practice/tds/packets.ts';
import {
  BareClient,
  batchPacket,
  connectTedious,
  loginPacket,
  poolOn,
  preloginPacket,
  runBatch,
  serverFor,
} from './clients.ts';
import { aborted, column, until } from './fake-engine.ts';

const int = column('a', { kind: 'int' });

async function loggedIn(port: number): Promise<BareClient> {
  const client = new BareClient(port);
  client.send(0x12, preloginPacket(2));
  await client.answer();
  client.send(0x10, loginPacket('sa', 'Secret-1'));
  await client.answer();
  return client;
}

describe('packets', () => {
  it('come out the same however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ type: fc.nat(255), status: fc.nat(255), data: fc.uint8Array({ maxLength: 700 }) }),
          { maxLength: 8 },
        ),
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 }),
        (packets, cuts) => {
          const given = packets.map((packet) => ({ ...packet, data: Buffer.from(packet.data) }));
          const bytes = Buffer.concat(given.map((packet) => framePacket(packet, 1, 1)));
          const cutter = new PacketCutter();
          const found = [];
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const next = at + (cuts[turn % cuts.length] ?? 1);
            found.push(...cutter.push(bytes.subarray(at, next)));
            at = next;
          }
          expect(found).toEqual(given);
          expect(cutter.isBetweenPackets).toBe(true);
        },
      ),
    );
  });
});

describe('a client', () => {
  it('that never ends its message is turned away before its message fills the memory', async () => {
    await using fixture = await serverFor();
    const client = new BareClient(fixture.server.port);
    client.send(0x12, preloginPacket(2));
    await client.answer();
    const login = loginPacket('sa', 'Secret-1');
    // 65,536 packets of the size that was agreed upon are the most: of the smallest, 32 MB.
    login.writeUInt32LE(512, 8);
    client.send(0x10, login);
    await client.answer();
    let sent = 0;
    for (const chunk = Buffer.alloc(30_000, ' '); !client.isClosed && sent < 80e6; sent += chunk.length) {
      client.send(0x01, chunk, 0);
      await turn();
    }
    await until(() => client.isClosed);
    expect(sent).toBeLessThan(80e6);
    expect(fixture.problems.map((problem) => problem.message)).toEqual([expect.stringContaining('33554432')]);
  });

  it('that goes in the middle of a request has it aborted and its session closed', async () => {
    await using fixture = await serverFor();
    const connection = await connectTedious(fixture.server);
    let isAborted = false;
    let isRunning = false;
    fixture.engine.answers.set('waits', async (_sink, signal) => {
      isRunning = true;
      await aborted(signal);
      isAborted = true;
      expect(fixture.engine.closedSessions).toBe(0);
    });
    connection.execSqlBatch(new Request('waits', () => {}));
    await until(() => isRunning);
    connection.close();
    await until(() => fixture.engine.closedSessions === 1);
    expect(isAborted).toBe(true);
    expect(fixture.problems).toEqual([]);
  });

  it('that goes while it runs one request and has sent another has it aborted as well', async () => {
    await using fixture = await serverFor();
    const client = await loggedIn(fixture.server.port);
    let isRunning = false;
    let isAborted = false;
    fixture.engine.answers.set('waits', async (_sink, signal) => {
      isRunning = true;
      await aborted(signal);
      isAborted = true;
    });
    client.send(0x01, batchPacket('waits'));
    client.send(0x01, batchPacket('comes after'));
    await until(() => isRunning);
    client.socket.end();
    await until(() => fixture.engine.closedSessions === 1);
    expect(isAborted).toBe(true);
  });

  it('that sends a second attention when all is done gets its answer', async () => {
    await using fixture = await serverFor();
    const client = await loggedIn(fixture.server.port);
    client.send(0x06, Buffer.alloc(0));
    expect(await client.answer()).toEqual(Buffer.from('fd200000000000000000000000', 'hex'));
    client.send(0x01, batchPacket('hello'));
    expect(await client.answer()).toEqual(Buffer.from('fd000000000000000000000000', 'hex'));
    client.socket.destroy();
  });

  it('that takes a request back before its end gets one DONE with an error', async () => {
    await using fixture = await serverFor();
    const client = await loggedIn(fixture.server.port);
    client.send(0x01, batchPacket('never'), 0);
    client.send(0x01, Buffer.alloc(0), 0x03);
    expect(await client.answer()).toEqual(Buffer.from('fd020000000000000000000000', 'hex'));
    expect(fixture.engine.batches).toEqual([]);
    client.socket.destroy();
  });

  const malformed: readonly (readonly [string, Buffer])[] = [
    ['a packet shorter than its header', Buffer.from([0x12, 1, 0, 4, 0, 0, 0, 0])],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    [
      'a PRELOGIN that points outside',
      framePacket({ type: 0x12, status: 1, data: Buffer.from([1, 0xff, 0xff, 0, 1, 0xff]) }, 0, 1),
    ],
    [
      'a PRELOGIN without an end',
      framePacket({ type: 0x12, status: 1, data: Buffer.from([1, 0, 5, 0, 0]) }, 0, 1),
    ],
    ['a LOGIN7 of nothing', framePacket({ type: 0x10, status: 1, data: Buffer.alloc(0) }, 0, 1)],
    [
      'a LOGIN7 that points outside',
      framePacket({ type: 0x10, status: 1, data: Buffer.alloc(94, 0xff) }, 0, 1),
    ],
    [
      'a login of SQL Server 6',
      framePacket({ type: 0x10, status: 1, data: loginPacket('sa', 'x', 0x70000000) }, 0, 1),
    ],
    ['a batch before the login', framePacket({ type: 0x01, status: 1, data: batchPacket('x') }, 0, 1)],
    ['a broken TLS record', Buffer.from([0x16, 3, 1, 0, 2, 0xff, 0xff, 0, 0])],
  ];
  for (const [name, bytes] of malformed) {
    it(`that begins with ${name} is cut off, and the server goes on`, async () => {
      await using fixture = await serverFor();
      const client = new BareClient(fixture.server.port);
      client.socket.end(bytes);
      await until(() => client.isClosed);
      await using pool = await poolOn(fixture.server);
      expect(pool.connected).toBe(true);
    });
  }

  const broken: readonly (readonly [string, number, Buffer])[] = [
    ['a batch without headers', 0x01, Buffer.alloc(2)],
    ['a call cut short', 0x03, Buffer.concat([batchPacket(''), Buffer.from([0xff, 0xff, 10, 0, 0, 0, 5])])],
    [
      'a call of an unknown number',
      0x03,
      Buffer.concat([batchPacket(''), Buffer.from([0xff, 0xff, 99, 0, 0, 0])]),
    ],
    [
      'a parameter of an unknown type',
      0x03,
      Buffer.concat([batchPacket(''), Buffer.from([0xff, 0xff, 10, 0, 0, 0, 0, 0, 0x99])]),
    ],
    ['an unknown transaction request', 0x0e, Buffer.concat([batchPacket(''), Buffer.from([77, 0])])],
    ['a bulk load of nonsense', 0x07, Buffer.from('nonsense')],
    ['a bulk load that ends within a row', 0x07, Buffer.from('81010000000000000026040161d104010000', 'hex')],
    ['a second login', 0x10, loginPacket('sa', 'Secret-1')],
  ];
  for (const [name, type, data] of broken) {
    it(`that sends ${name} is cut off, its session closed`, async () => {
      await using fixture = await serverFor();
      const client = await loggedIn(fixture.server.port);
      client.send(type, data);
      await until(() => client.isClosed);
      await until(() => fixture.engine.closedSessions === 1);
      expect(fixture.problems).toHaveLength(1);
    });
  }

  it('that sends noise never brings the server down', async () => {
    await using fixture = await serverFor();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0x01, 0x03, 0x07, 0x0e),
        fc.uint8Array({ maxLength: 200 }),
        fc.boolean(),
        async (type, noise, hasHeaders) => {
          const client = await loggedIn(fixture.server.port);
          client.send(
            type,
            Buffer.concat([hasHeaders && type !== 0x07 ? batchPacket('') : Buffer.alloc(0), noise]),
          );
          // Either an answer or the end of the connection.
          await client.answer();
          client.socket.destroy();
        },
      ),
      { numRuns: 150 },
    );
    await using pool = await poolOn(fixture.server);
    expect(pool.connected).toBe(true);
    expect(
      fixture.problems.every((problem) => !(problem instanceof TypeError || problem instanceof RangeError)),
    ).toBe(true);
  });
});

describe('the server', () => {
  it('serves 200 clients at once', async () => {
    await using fixture = await serverFor();
    fixture.engine.answerRows('q', [int], [[1]]);
    const connections = await Promise.all(Array.from({ length: 200 }, () => connectTedious(fixture.server)));
    expect(fixture.engine.openSessions).toBe(200);
    const answers = await Promise.all(connections.map((connection) => runBatch(connection, 'q')));
    expect(answers.every((rows) => rows.length === 1)).toBe(true);
    for (const connection of connections) connection.close();
    await until(() => fixture.engine.openSessions === 0);
  });

  it('ends idle and busy clients when it closes, and waits for their sessions', async () => {
    const fixture = await serverFor();
    const idle = await connectTedious(fixture.server);
    const busy = await connectTedious(fixture.server, { encrypt: true });
    const silent = new BareClient(fixture.server.port);
    let isRunning = false;
    fixture.engine.answers.set('waits', async (_sink, signal) => {
      isRunning = true;
      await aborted(signal);
    });
    const failed = new Promise<Error | null | undefined>((resolve) =>
      busy.execSqlBatch(new Request('waits', resolve)),
    );
    busy.on('error', () => {});
    idle.on('error', () => {});
    await until(() => isRunning);
    await fixture.server.close();
    expect(fixture.engine.openSessions).toBe(0);
    expect(await failed).toBeInstanceOf(Error);
    await until(() => silent.isClosed);
  });

  it('lets a test lose packets and break connections', async () => {
    let isBreaking = false;
    await using fixture = await serverFor({
      onPacket: (packet) =>
        isBreaking && packet.direction === 'in' && packet.type === 0x01 ? 'reset' : 'pass',
    });
    const connection = await connectTedious(fixture.server);
    connection.on('error', () => {});
    isBreaking = true;
    await expect(runBatch(connection, 'q')).rejects.toBeInstanceOf(Error);
    await until(() => fixture.engine.closedSessions === 1);
  });

  it('is not to be reached but by 127.0.0.1', async () => {
    await using fixture = await serverFor();
    const elsewhere = connect(fixture.server.port, '127.0.0.2');
    await expect(once(elsewhere, 'connect')).rejects.toBeInstanceOf(Error);
  });

  it('says when its port is taken', async () => {
    await using fixture = await serverFor();
    await expect(serverFor({ port: fixture.server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
