import { X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { duplexPair } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { Connection } from 'tedious';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../../src/practice/tds/certificate.ts';
import { md4 } from '../../../src/practice/tds/md4.ts';
import { framePacket } from '../../../src/practice/tds/packets.ts';
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
import { column } from './fake-engine.ts';

describe('a login', () => {
  for (const encrypt of [false, true]) {
    it(`gets a session ${encrypt ? 'over TLS' : 'in clear'}, with what the client says of itself`, async () => {
      await using fixture = await serverFor();
      await using pool = await poolOn(fixture.server, { encrypt });
      expect(pool.connected).toBe(true);
      expect(fixture.engine.logins[0]).toMatchObject({
        user: 'sa',
        password: 'Secret-1',
        database: '',
        isEncrypted: encrypt,
      });
    });

    it(`that is refused ${encrypt ? 'over TLS' : 'in clear'} is told the number and the text`, async () => {
      await using fixture = await serverFor();
      await expect(poolOn(fixture.server, { encrypt, password: 'wrong' })).rejects.toMatchObject({
        code: 'ELOGIN',
        message: "Login failed for user 'sa'.",
      });
      expect(fixture.problems).toEqual([]);
    });
  }

  it('comes with TLS first (TDS 8.0)', async () => {
    await using fixture = await serverFor();
    const connection = await connectTedious(fixture.server, {
      encrypt: 'strict',
      serverName: 'localhost',
      cryptoCredentialsDetails: { ca: fixture.server.certificate! },
    } as never);
    fixture.engine.answerRows('q', [column('a', { kind: 'int' })], [[7]]);
    expect(await runBatch(connection, 'q')).toEqual([[7]]);
    expect(fixture.engine.logins[0]?.isEncrypted).toBe(true);
    connection.close();
  });

  it('verifies the certificate when the client trusts it, for localhost and for 127.0.0.1', async () => {
    await using fixture = await serverFor();
    for (const serverName of ['localhost', '127.0.0.1']) {
      const connection = await connectTedious(fixture.server, {
        encrypt: true,
        trustServerCertificate: false,
        serverName,
        cryptoCredentialsDetails: { ca: fixture.server.certificate! },
      } as never);
      connection.close();
    }
  });

  it('is turned away by a client that does not trust the certificate', async () => {
    await using fixture = await serverFor();
    await expect(
      connectTedious(fixture.server, { encrypt: true, trustServerCertificate: false }),
    ).rejects.toMatchObject({
      code: 'ESOCKET',
    });
  });

  it('in clear is turned away where encryption is required, and over TLS where there is none', async () => {
    await using required = await serverFor({ encryption: 'required' });
    await expect(poolOn(required.server, { encrypt: false })).rejects.toMatchObject({ code: 'EENCRYPT' });
    await using without = await serverFor({ encryption: 'unsupported' });
    await expect(poolOn(without.server, { encrypt: true })).rejects.toMatchObject({ code: 'EENCRYPT' });
    await using pool = await poolOn(without.server, { encrypt: false });
    expect(pool.connected).toBe(true);
  });

  it('works with TLS 1.0 alone where the server and the client are made to', async () => {
    await using fixture = await serverFor({ tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1' } });
    await expect(connectTedious(fixture.server, { encrypt: true })).rejects.toMatchObject({
      code: 'ESOCKET',
    });
    const connection = await connectTedious(fixture.server, {
      encrypt: true,
      cryptoCredentialsDetails: { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
    });
    connection.close();
  });

  it('uses a certificate that the caller brings', async () => {
    const own = selfSigned('rsa');
    await using fixture = await serverFor({ tls: own });
    expect(fixture.server.certificate).toBe(own.certificate);
    await using pool = await poolOn(fixture.server, { encrypt: true });
    expect(pool.connected).toBe(true);
  });

  describe('with NTLM', () => {
    const windowsUsers = [{ domain: 'SHOP', user: 'anna', password: 'Pässword-1' }];
    const signIn = (port: number, user: string, password: string, encrypt: boolean): Promise<Connection> => {
      const connection = new Connection({
        server: '127.0.0.1',
        authentication: { type: 'ntlm', options: { domain: 'SHOP', userName: user, password } },
        options: { port, encrypt, trustServerCertificate: true },
      });
      return new Promise((resolve, reject) => {
        connection.connect((error) => (error ? reject(error) : resolve(connection)));
      });
    };

    for (const encrypt of [false, true]) {
      it(`gets a session for whom the server knows${encrypt ? ', over TLS' : ''}`, async () => {
        await using fixture = await serverFor({ windowsUsers });
        const connection = await signIn(fixture.server.port, 'Anna', 'Pässword-1', encrypt);
        expect(fixture.engine.logins[0]).toMatchObject({
          user: 'SHOP\\anna',
          password: '',
          isWindowsUser: true,
        });
        fixture.engine.answerRows('q', [column('a', { kind: 'int' })], [[7]]);
        expect(await runBatch(connection, 'q')).toEqual([[7]]);
        connection.close();
      });
    }

    it('is refused with a wrong password, for an unknown user, and where there are no users at all', async () => {
      await using fixture = await serverFor({ windowsUsers });
      for (const [user, password] of [
        ['anna', 'wrong'],
        ['bert', 'Pässword-1'],
      ] as const) {
        await expect(signIn(fixture.server.port, user, password, true)).rejects.toMatchObject({
          code: 'ELOGIN',
          message: `Login failed for user 'SHOP\\${user}'.`,
        });
      }
      expect(fixture.engine.logins).toEqual([]);
      await using without = await serverFor();
      await expect(signIn(without.server.port, 'anna', 'x', true)).rejects.toMatchObject({
        message: /^Practice server: Windows authentication/,
      });
    });

    it('rests on MD4 as RFC 1320 has it', () => {
      expect(md4(Buffer.from('')).toString('hex')).toBe('31d6cfe0d16ae931b73c59d7e0c089c0');
      expect(md4(Buffer.from('message digest')).toString('hex')).toBe('d9130a8164549fe818874806e1c7014b');
      expect(md4(Buffer.from('1234567890'.repeat(8))).toString('hex')).toBe(
        'e33b4ddc9c38f2199c3e7b164fcc0536',
      );
    });
  });

  for (const version of ['7_1', '7_2', '7_3_A', '7_3_B', '7_4']) {
    it(`speaks TDS ${version.replaceAll('_', '.')}`, async () => {
      await using fixture = await serverFor();
      fixture.engine.answerRows(
        'q',
        [
          column('i', { kind: 'int' }),
          column('n', { kind: 'nvarchar', length: 'max' }),
          column('d', { kind: 'date' }),
          column('o', { kind: 'datetimeoffset', scale: 3 }),
        ],
        [[1, 'ä€', 737790, { utc: 637450560000000000n, offset: 60 }]],
      );
      const connection = await connectTedious(fixture.server, { tdsVersion: version });
      const [row] = await runBatch(connection, 'q');
      const isOld = version < '7_3';
      expect(row?.slice(0, 2)).toEqual([1, 'ä€']);
      expect(row?.[2]).toEqual(isOld ? '2021-01-01' : new Date('2021-01-01T00:00:00Z'));
      expect(row?.[3]).toEqual(isOld ? '2021-01-01 01:00:00.000 +01:00' : new Date('2021-01-01T00:00:00Z'));
      connection.close();
    });
  }

  it('works when every byte arrives alone', async () => {
    await using fixture = await serverFor();
    fixture.engine.answerRows('q', [column('a', { kind: 'varchar', length: 'max' })], [['x'.repeat(5000)]]);
    // Between the two: a proxy that takes chunks apart.
    const proxy = createServer((client) => {
      const upstream = connect(fixture.server.port, '127.0.0.1');
      upstream.setNoDelay(true);
      client.on('data', (bytes: Buffer) => {
        for (const byte of bytes) upstream.write(Buffer.of(byte));
      });
      upstream.on('data', (bytes) => client.write(bytes));
      client.on('close', () => upstream.destroy());
      client.on('error', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
      upstream.on('error', () => client.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as { port: number };
    for (const encrypt of [false, true]) {
      const connection = await connectTedious({ ...fixture.server, port }, { encrypt });
      expect(await runBatch(connection, 'q')).toEqual([['x'.repeat(5000)]]);
      connection.close();
    }
    await new Promise<void>((resolve) => proxy.close(() => resolve()));
  });

  it('is encrypted alone when the client offers no more than that', async () => {
    await using fixture = await serverFor();
    const client = new BareClient(fixture.server.port);
    client.send(0x12, preloginPacket(0));
    // The answer's encryption option says the same: off, and the login packet encrypted nevertheless.
    const prelogin = (await client.answer()) ?? Buffer.alloc(0);
    expect(prelogin.at(-2)).toBe(0);
    const [inner, outer] = duplexPair();
    const secure = connectTls({ socket: inner, rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
    let isWrapped = true;
    let flight: Buffer[] = [];
    outer.on('data', (records: Buffer) => {
      if (!isWrapped) client.socket.write(records);
      else if (flight.push(records) === 1) {
        setImmediate(() => {
          client.send(0x12, Buffer.concat(flight));
          flight = [];
        });
      }
    });
    const isSecure = new Promise<void>((resolve) => {
      secure.once('secureConnect', () => {
        isWrapped = false;
        resolve();
      });
    });
    for (let flights = 0; flights < 2; flights++) outer.write((await client.answer())!);
    await isSecure;
    secure.write(framePacket({ type: 0x10, status: 1, data: loginPacket('sa', 'Secret-1') }, 0, 1));
    const login = await client.answer();
    expect(login?.includes(Buffer.from('practice server', 'utf16le'))).toBe(true);
    expect(fixture.engine.logins[0]).toMatchObject({ user: 'sa', isEncrypted: true });
    client.send(0x01, batchPacket('hello'));
    expect(await client.answer()).toEqual(Buffer.from('fd000000000000000000000000', 'hex'));
    expect(fixture.engine.batches).toEqual(['hello']);
    client.socket.destroy();
  });
});

describe('the certificate', () => {
  for (const kind of ['ec', 'rsa'] as const) {
    it(`is a valid self-signed one for loopback (${kind})`, () => {
      const made = selfSigned(kind);
      const certificate = new X509Certificate(made.certificate);
      expect(certificate.verify(certificate.publicKey)).toBe(true);
      expect(certificate.subjectAltName).toBe(
        'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
      );
      expect(certificate.checkHost('localhost')).toBe('localhost');
      expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
      expect(certificate.fingerprint256.replaceAll(':', '')).toBe(made.fingerprint);
      expect(certificate.validToDate.getTime()).toBeGreaterThan(Date.now());
      expect(selfSigned(kind).fingerprint).not.toBe(made.fingerprint);
    });
  }
});
