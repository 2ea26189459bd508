import { createSocket, type Socket } from 'node:dgram';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { findInstancePort, listInstances, parseBrowserAnswer } from '../../../src/core/sql/browser.ts';

const loopback = [{ address: '127.0.0.1', family: 4 }];
const name = { host: 'SRV01', instance: 'RETAIL', label: 'SRV01\\RETAIL', isLoopback: false, notes: [] };

const open: Socket[] = [];
afterEach(async () => {
  for (const socket of open.splice(0)) await new Promise<void>((resolve) => socket.close(resolve));
});

function answer(text: string): Buffer {
  const body = Buffer.from(text, 'latin1');
  const head = Buffer.from([0x05, 0, 0]);
  head.writeUInt16LE(body.length, 1);
  return Buffer.concat([head, body]);
}

function instance(of: string, tcp?: number): string {
  return `ServerName;SRV01;InstanceName;${of};IsClustered;No;Version;15.0.2000.5${tcp === undefined ? '' : `;tcp;${tcp}`};;`;
}

/** A SQL Browser that answers as `talk` says; undefined is silence. */
async function browser(
  talk: (question: Buffer, attempt: number) => Buffer | undefined,
): Promise<{ port: number; questions: Buffer[] }> {
  const socket = createSocket('udp4');
  open.push(socket);
  const questions: Buffer[] = [];
  socket.on('message', (question, from) => {
    questions.push(question);
    const said = talk(question, questions.length);
    if (said) socket.send(said, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, questions };
}

describe('the port of a named instance', () => {
  it('is what SQL Browser says, asked once for this instance', async () => {
    const { port, questions } = await browser(() => answer(instance('RETAIL', 49172)));
    expect(await findInstancePort(name, loopback, { port })).toBe(49172);
    expect(questions).toEqual([Buffer.from('\x04RETAIL\0', 'latin1')]);
  });

  it('is found although a first datagram is lost', async () => {
    const { port } = await browser((_, attempt) =>
      attempt < 3 ? undefined : answer(instance('retail', 49172)),
    );
    expect(await findInstancePort(name, loopback, { port, waitMs: 20 })).toBe(49172);
  });

  it('is not taken from another sender', async () => {
    const stranger = createSocket('udp4');
    open.push(stranger);
    await new Promise<void>((resolve) => stranger.bind(0, '127.0.0.1', resolve));
    const real = createSocket('udp4');
    open.push(real);
    real.on('message', (_, from) => {
      stranger.send(answer(instance('RETAIL', 6666)), from.port, from.address, () => {
        real.send(answer(instance('RETAIL', 49172)), from.port, from.address);
      });
    });
    await new Promise<void>((resolve) => real.bind(0, '127.0.0.1', resolve));
    expect(await findInstancePort(name, loopback, { port: real.address().port })).toBe(49172);
  });

  it('is missing when TCP/IP is off, which is said', async () => {
    const { port } = await browser(() => answer(instance('RETAIL')));
    await expect(findInstancePort(name, loopback, { port })).rejects.toMatchObject({
      code: 'tcp-off',
      exit: 'connection',
    });
  });

  it('is missing when there is no such instance; those that exist are listed', async () => {
    const { port } = await browser((question) =>
      question[0] === 0x03 ? answer(instance('SQLEXPRESS', 50001) + instance('TEST', 50002)) : undefined,
    );
    await expect(findInstancePort(name, loopback, { port, waitMs: 20 })).rejects.toMatchObject({
      code: 'instance-unknown',
      message: expect.stringContaining('SQLEXPRESS, TEST'),
      details: { instances: 'SQLEXPRESS, TEST' },
    });
  });

  it('is missing when Browser is silent, with two ways out', async () => {
    const { port, questions } = await browser(() => undefined);
    await expect(findInstancePort(name, loopback, { port, waitMs: 10 })).rejects.toMatchObject({
      code: 'browser-silent',
      hint: expect.stringMatching(/SQL Server Browser.*SERVER,PORT/),
    });
    expect(questions.map((question) => question[0])).toEqual([4, 4, 4, 3]);
  });

  it('is missing when nothing listens there at all', async () => {
    const { port } = await browser(() => undefined);
    await new Promise<void>((resolve) => open.pop()?.close(resolve));
    await expect(findInstancePort(name, loopback, { port, waitMs: 10 })).rejects.toMatchObject({
      code: 'browser-silent',
    });
  });

  it('is not waited for after the caller gave up', async () => {
    const { port } = await browser(() => undefined);
    const stop = new AbortController();
    const asked = expect(findInstancePort(name, loopback, { port, signal: stop.signal })).rejects.toBe(
      'enough',
    );
    stop.abort('enough');
    await asked;
  });
});

describe('an answer of SQL Browser', () => {
  it('lists all instances of a computer', async () => {
    const { port } = await browser(() => answer(instance('MSSQLSERVER', 1433) + instance('OFF')));
    expect(await listInstances(loopback, { port })).toEqual([
      { server: 'SRV01', instance: 'MSSQLSERVER', version: '15.0.2000.5', tcpPort: 1433 },
      { server: 'SRV01', instance: 'OFF', version: '15.0.2000.5' },
    ]);
  });

  it('may be anything; then it lists nothing that is not in it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        for (const each of parseBrowserAnswer(Uint8Array.from([5, bytes.length, 0, ...bytes]))) {
          expect(each.instance).not.toBe('');
        }
        expect(parseBrowserAnswer(Uint8Array.from([4, ...bytes]))).toEqual([]);
      }),
    );
  });

  it('with a port that cannot be is one without a port', () => {
    for (const port of [0, 65536, -1])
      expect(parseBrowserAnswer(answer(instance('X', port)))[0]).not.toHaveProperty('tcpPort');
  });
});
