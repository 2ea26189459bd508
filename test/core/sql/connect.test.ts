import { createServer, type Server, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ExpectedError } from '../../../src/core/errors.ts';
import { createSqlServers, type SqlServersOptions } from '../../../src/core/sql/connect.ts';
import { memoryPins } from '../../../src/core/sql/pins.ts';
import type { ConnectionTarget } from '../../../src/core/sql/session.ts';
import { framePacket } from '../../../src/practice/tds/packets.ts';
import { preloginAnswer } from '../../../src/practice/tds/prelogin.ts';
import {
  options,
  password,
  refused,
  type ScriptedServer,
  scriptedServer,
  target,
} from './scripted-server.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function server(...parameters: Parameters<typeof scriptedServer>): Promise<ScriptedServer> {
  const started = await scriptedServer(...parameters);
  ends.push(() => started.close());
  return started;
}

/** A TCP server that does what `talk` does with each connection. */
async function tcp(talk: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const listening: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(socket);
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  ends.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => listening.close(resolve));
  });
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function failure(
  to: ConnectionTarget,
  more: Partial<SqlServersOptions> = {},
  signal?: AbortSignal,
): Promise<ExpectedError> {
  const outcome = await createSqlServers(options(more))
    .connect(to, signal)
    .then(
      (session) => session.close().then(() => 'connected'),
      (error: unknown) => error,
    );
  if (outcome instanceof ExpectedError) {
    expect(inspect(outcome, { depth: 10, showHidden: true })).not.toContain(password.reveal());
    return outcome;
  }
  throw outcome;
}

async function connects(to: ConnectionTarget, more: Partial<SqlServersOptions> = {}): Promise<void> {
  const session = await createSqlServers(options(more)).connect(to);
  await session.close();
}

describe('a server that cannot be reached', () => {
  it('has a name that nobody knows', async () => {
    expect(await failure(target('NOWHERE'))).toMatchObject({
      code: 'name-not-found',
      exit: 'connection',
      message: expect.stringContaining('NOWHERE'),
      details: { reason: 'ENOTFOUND' },
    });
  });

  it('refuses the port', async () => {
    const port = await tcp(() => undefined);
    await ends.pop()?.();
    expect(await failure(target(`SRV01,${port}`))).toMatchObject({
      code: 'port-closed',
      message: expect.stringContaining(`,${port} answers`),
      details: { port },
    });
  });

  it('takes the connection and says nothing', async () => {
    const port = await tcp(() => undefined);
    expect(await failure(target(`SRV01,${port}`), { connectTimeoutMs: 200 })).toMatchObject({
      code: 'no-answer',
      message: expect.stringContaining('says nothing'),
    });
  });

  it('closes the connection at once', async () => {
    const port = await tcp((socket) => socket.end());
    expect(await failure(target(`SRV01,${port}`))).toMatchObject({ code: 'dropped-at-login' });
  });

  it('resets the connection', async () => {
    const port = await tcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await failure(target(`SRV01,${port}`))).toMatchObject({ code: 'dropped-at-login' });
  });

  it.each(['SSH-2.0-OpenSSH_9.6\r\n', 'HTTP/1.1 400 Bad Request\r\n\r\n', '\u0004\u0001\u0000\u000Bxxxxyyy'])(
    'is something else that says %j',
    async (greeting) => {
      const port = await tcp((socket) => {
        socket.write(greeting);
        socket.once('data', () => socket.end());
      });
      expect(await failure(target(`SRV01,${port}`), { connectTimeoutMs: 1000 })).toMatchObject({
        code: 'not-sql-server',
      });
    },
  );

  it('can be given up by the caller', async () => {
    const connected = Promise.withResolvers<void>();
    const port = await tcp(() => connected.resolve());
    const stop = new AbortController();
    const attempt = failure(target(`SRV01,${port}`), {}, stop.signal);
    const outcome = expect(attempt).rejects.toBe('enough');
    await connected.promise;
    stop.abort('enough');
    await outcome;
  });
});

describe('encryption', () => {
  it('by verify refuses a certificate that nobody vouches for, before the password is sent', async () => {
    const srv = await server();
    const problem = await failure(target(`SRV01,${srv.port}`, { encryption: 'verify' }));
    expect(problem).toMatchObject({
      code: 'certificate-unknown',
      exit: 'connection',
      details: { serverKey: `srv01,${srv.port}` },
    });
    expect(problem.details.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(srv.logins).toEqual([]);
  });

  it('by verify takes the certificate that was accepted before', async () => {
    const srv = await server();
    const { details } = await failure(target(`SRV01,${srv.port}`, { encryption: 'verify' }));
    const pins = memoryPins(new Map([[String(details.serverKey), String(details.fingerprint)]]));
    await connects(target(`SRV01,${srv.port}`, { encryption: 'verify' }), { pins });
  });

  it('by verify refuses a certificate of a known authority that was made out for another name', async () => {
    const srv = await server();
    const before = getCACertificates('default');
    ends.push(async () => setDefaultCACertificates(before));
    setDefaultCACertificates([...before, srv.certificate ?? '']);
    // The certificate is made out for localhost, which is believed as this computer anyway: SRV01 is another name.
    expect(await failure(target(`SRV01,${srv.port}`, { encryption: 'verify' }))).toMatchObject({
      code: 'certificate-unknown',
      message: expect.stringContaining('another name'),
    });
  });

  it('by verify refuses it on this computer too', async () => {
    const srv = await server();
    expect(await failure(target(`127.0.0.1,${srv.port}`, { encryption: 'verify' }))).toMatchObject({
      code: 'certificate-unknown',
    });
    expect(srv.logins).toEqual([]);
  });

  it('by trust does not compare the certificate of this computer, because it changes at each restart', async () => {
    const pins = memoryPins();
    const srv = await server();
    await connects(target(`127.0.0.1,${srv.port}`, { encryption: 'trust' }), { pins });
    await pins.keep(`localhost,${srv.port}`, 'AA:BB');
    await connects(target(`127.0.0.1,${srv.port}`, { encryption: 'trust' }), { pins });
    expect(srv.logins[0]).toMatchObject({ isEncrypted: true, password: password.reveal() });
  });

  it('by trust accepts and remembers the certificate, and refuses another one later', async () => {
    const pins = memoryPins();
    const first = await server();
    await connects(target(`SRV01,${first.port}`, { encryption: 'trust' }), { pins });
    const kept = await pins.find(`srv01,${first.port}`);
    expect(kept).toMatch(/^[0-9A-F:]{95}$/);
    await connects(target(`SRV01,${first.port}`, { encryption: 'trust' }), { pins });

    const second = await server();
    await pins.keep(`srv01,${second.port}`, kept ?? '');
    const problem = await failure(target(`SRV01,${second.port}`, { encryption: 'trust' }), { pins });
    expect(problem).toMatchObject({
      code: 'certificate-changed',
      hint: expect.stringContaining('restart'),
      details: { accepted: kept },
    });
    expect(second.logins).toEqual([]);
  });

  it('by trust remembers nothing when the sign-in fails', async () => {
    const pins = memoryPins();
    const srv = await server(undefined, { refuse: () => refused([18456, 'Login failed']) });
    await failure(target(`SRV01,${srv.port}`, { encryption: 'trust' }), { pins });
    expect(await pins.find(`srv01,${srv.port}`)).toBeUndefined();
  });

  it('is not begun when the accepted certificates cannot be read', async () => {
    const srv = await server();
    const pins = { ...memoryPins(), find: async () => Promise.reject(new Error('disk')) };
    await expect(failure(target(`SRV01,${srv.port}`), { pins })).rejects.toThrow('disk');
    expect(srv.logins).toEqual([]);
  });

  it('of TLS 1.0 alone is too old, and allowed by legacy', async () => {
    const srv = await server(undefined, { tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1' } });
    expect(await failure(target(`127.0.0.1,${srv.port}`))).toMatchObject({
      code: 'tls-too-old',
      hint: expect.stringContaining('legacy'),
    });
    await connects(target(`SRV01,${srv.port}`, { encryption: 'legacy' }));
    expect(srv.logins).toHaveLength(1);
  });

  it('that the server does not have is refused before the password is sent; none has to be said', async () => {
    const srv = await server(undefined, { encryption: 'unsupported' });
    expect(await failure(target(`127.0.0.1,${srv.port}`))).toMatchObject({
      code: 'encryption-mismatch',
      message: expect.stringContaining('does not offer encryption'),
    });
    expect(srv.logins).toEqual([]);
    await connects(target(`SRV01,${srv.port}`, { encryption: 'none' }));
    expect(srv.logins[0]).toMatchObject({ isEncrypted: false });
  });

  it('that the server insists on is named when none was chosen', async () => {
    const srv = await server(undefined, { encryption: 'required' });
    expect(await failure(target(`127.0.0.1,${srv.port}`, { encryption: 'none' }))).toMatchObject({
      code: 'encryption-mismatch',
      message: expect.stringContaining('only encrypted'),
    });
  });

  it('that breaks off in the middle points to old servers', async () => {
    const port = await tcp((socket) => {
      socket.once('data', () => {
        socket.write(
          framePacket(
            { type: 0x04, status: 1, data: preloginAnswer({ major: 10, minor: 50, build: 1600 }, 1) },
            0,
            1,
          ),
        );
        socket.once('data', () => socket.end());
      });
    });
    expect(await failure(target(`SRV01,${port}`, { encryption: 'trust' }))).toMatchObject({
      code: 'tls-failed',
      hint: expect.stringContaining('legacy'),
    });
  });
});

describe('a sign-in that is refused', () => {
  it.each([
    [18456, 'login-refused', 'Caps Lock'],
    [18452, 'login-refused', 'workgroup'],
    [18486, 'login-refused', 'unlock'],
    [18488, 'login-refused', 'new password'],
    [17892, 'login-refused', 'administrator'],
    [55555, 'login-refused', 'log of that SQL Server'],
  ])('with %i says what to do', async (number, code, hint) => {
    const srv = await server(undefined, { refuse: () => refused([number, 'text of the server']) });
    expect(await failure(target(`127.0.0.1,${srv.port}`))).toMatchObject({
      code,
      exit: 'connection',
      hint: expect.stringContaining(hint),
      message: expect.stringContaining(`(${number})`),
      details: { number },
    });
  });

  it('because the database is missing names the database, after one attempt', async () => {
    const srv = await server(undefined, {
      refuse: () => refused([4060, 'Cannot open database'], [18456, 'Login failed']),
    });
    expect(await failure(target(`127.0.0.1,${srv.port}`, { database: 'AXRETAILPOS' }))).toMatchObject({
      code: 'database-missing',
      message: expect.stringContaining('AXRETAILPOS'),
      details: { number: 4060 },
    });
    expect(srv.logins).toHaveLength(1);
  });

  it('by a closed connection is told apart from a wrong password', async () => {
    const srv = await server(undefined, { onPacket: ({ type }) => (type === 0x10 ? 'reset' : 'pass') });
    expect(await failure(target(`127.0.0.1,${srv.port}`))).toMatchObject({ code: 'dropped-at-login' });
  });

  it('by silence is told apart from a network that is down', async () => {
    const srv = await server(undefined, { onPacket: ({ type }) => (type === 0x10 ? 'drop' : 'pass') });
    expect(await failure(target(`127.0.0.1,${srv.port}`), { connectTimeoutMs: 500 })).toMatchObject({
      code: 'login-timeout',
    });
  });

  it('with the Windows account of the process says what to use instead, without connecting', async () => {
    expect(await failure(target('NOWHERE', { signIn: { kind: 'windows' } }))).toMatchObject({
      code: 'windows-sign-in',
      exit: 'prerequisite',
      hint: expect.stringContaining('ntlm'),
    });
  });

  it('with another Windows account sends no password in clear', async () => {
    const seen: Buffer[] = [];
    const srv = await server(undefined, {
      onPacket: ({ data, direction }) => {
        if (direction === 'in') seen.push(Buffer.from(data));
        return 'pass';
      },
    });
    await failure(
      target(`127.0.0.1,${srv.port}`, { signIn: { kind: 'ntlm', domain: 'SHOP', user: 'setup', password } }),
    );
    await vi.waitFor(() => expect(Buffer.concat(seen).includes(Buffer.from('NTLMSSP'))).toBe(true));
    expect(Buffer.concat(seen).includes(Buffer.from(password.reveal(), 'utf16le'))).toBe(false);
  });
});
