import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ExpectedError } from '../../../src/core/errors.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createSqlServers } from '../../../src/core/sql/connect.ts';
import type { EncryptionChoice, SignIn } from '../../../src/core/sql/session.ts';
import { withToken } from '../../../src/core/sql/sign-in-tokens.ts';
import type { WindowsSignIn } from '../../../src/core/sql/windows-sign-in.ts';
import { serverFor } from '../../practice/tds/clients.ts';
import { options, password, target } from './scripted-server.ts';

const windowsUsers = [{ domain: 'SHOP', user: 'anna', password: 'Pässword-1' }];

/** The driver's own half of NTLM, here in the place of Windows. */
const driver = createRequire(import.meta.url);
const { createNTLMRequest } = driver('tedious/lib/ntlm');
const Answer = driver('tedious/lib/ntlm-payload');

type Heard = { services: string[]; accounts: (string | undefined)[]; tokens: number[]; ended: number };

/** Signs in as a Windows does that is signed in itself as SHOP\anna with that password. */
function windowsOf(anna: string): { windows: WindowsSignIn; heard: Heard } {
  const heard: Heard = { services: [], accounts: [], tokens: [], ended: 0 };
  const windows: WindowsSignIn = async (service, account) => {
    heard.services.push(service);
    heard.accounts.push(account?.user);
    return {
      next: (token) => {
        heard.tokens.push(token?.length ?? 0);
        if (token === undefined) return createNTLMRequest({ domain: 'SHOP' });
        const bytes = Buffer.from(token);
        const start = bytes.readUInt32LE(44);
        const ntlmpacket = {
          nonce: bytes.subarray(24, 32),
          target: bytes.subarray(start, start + bytes.readUInt16LE(40)),
        };
        return new Answer({ domain: 'SHOP', userName: 'anna', password: anna, ntlmpacket }).data;
      },
      end: () => {
        heard.ended += 1;
      },
    };
  };
  return { windows, heard };
}

describe('signing in as a Windows account', () => {
  const connect = async (
    port: number,
    windowsSignIn: WindowsSignIn | undefined,
    signIn: SignIn = { kind: 'windows' },
    encryption: EncryptionChoice = 'trust',
  ) => {
    const servers = createSqlServers(options({ windowsSignIn }));
    const session = await servers.connect(target(`127.0.0.1,${port}`, { signIn, encryption }));
    await session.close();
  };

  it.each(['trust', 'none'] as const)(
    'passes on the tokens of Windows, encryption %s',
    async (encryption) => {
      await using fixture = await serverFor({ windowsUsers });
      const { windows, heard } = windowsOf('Pässword-1');
      await connect(fixture.server.port, windows, { kind: 'windows' }, encryption);
      expect(fixture.engine.logins[0]).toMatchObject({
        user: 'SHOP\\anna',
        password: '',
        isWindowsUser: true,
      });
      expect(heard).toEqual({
        services: [`MSSQLSvc/127.0.0.1:${fixture.server.port}`],
        accounts: [undefined],
        tokens: [0, expect.any(Number)],
        ended: 1,
      });
      expect(heard.tokens[1]).toBeGreaterThan(0);
    },
  );

  it('lets Windows sign in another account too, which it does better than the driver', async () => {
    await using fixture = await serverFor({ windowsUsers });
    const { windows, heard } = windowsOf('Pässword-1');
    await connect(fixture.server.port, windows, { kind: 'ntlm', domain: 'SHOP', user: 'anna', password });
    expect(heard.accounts).toEqual(['anna']);
  });

  it('has nothing to do with a SQL login', async () => {
    await using fixture = await serverFor({ windowsUsers });
    const { windows, heard } = windowsOf('Pässword-1');
    await connect(fixture.server.port, windows, {
      kind: 'sql',
      user: 'sa',
      password: new Secret('Secret-1'),
    });
    expect(heard.services).toEqual([]);
  });

  it('is refused like any other sign-in when the server does not know the account', async () => {
    await using fixture = await serverFor({ windowsUsers });
    const { windows, heard } = windowsOf('wrong');
    await expect(connect(fixture.server.port, windows)).rejects.toMatchObject({
      code: 'login-refused',
      exit: 'connection',
    });
    expect(heard.ended).toBe(1);
  });

  it.each([1, 2])('ends with what Windows says when it makes no token number %d', async (failing) => {
    await using fixture = await serverFor({ windowsUsers });
    const { windows, heard } = windowsOf('Pässword-1');
    const failed: WindowsSignIn = async (...request) => {
      const conversation = await windows(...request);
      let count = 0;
      return {
        ...conversation,
        next: (token) => {
          count += 1;
          if (count < failing) return conversation.next(token);
          throw new ExpectedError({
            code: 'windows-sign-in-failed',
            exit: 'connection',
            message: 'No computer of the domain answers.',
            hint: 'x',
          });
        },
      };
    };
    await expect(connect(fixture.server.port, failed)).rejects.toMatchObject({
      code: 'windows-sign-in-failed',
    });
    expect(heard.ended).toBe(1);
  });

  it('ends before it begins when Windows has no credentials', async () => {
    await using fixture = await serverFor({ windowsUsers });
    const failed: WindowsSignIn = async () => {
      throw new ExpectedError({
        code: 'windows-sign-in-failed',
        exit: 'connection',
        message: 'x',
        hint: 'x',
      });
    };
    await expect(connect(fixture.server.port, failed)).rejects.toMatchObject({
      code: 'windows-sign-in-failed',
    });
    expect(fixture.engine.logins).toEqual([]);
  });
});

it('puts a token at the end of a LOGIN7 and says where it is', () => {
  const login = Buffer.alloc(100, 1);
  const packet = withToken(login, Buffer.from('token'));
  expect(packet.readUInt32LE(0)).toBe(105);
  const [offset, length] = [packet.readUInt16LE(78), packet.readUInt16LE(80)];
  expect(packet.subarray(offset, offset + length).toString()).toBe('token');
});
