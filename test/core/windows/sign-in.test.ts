import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import type { OtherAccount } from '../../../src/core/sql/windows-sign-in.ts';
import { conversationWith, type SecurityCalls } from '../../../src/core/windows/sign-in.ts';
import { WindowsError } from '../../../src/core/windows/windows-error.ts';

const anna: OtherAccount = { kind: 'ntlm', domain: 'SHOP', user: 'anna', password: new Secret('Canary#71') };

/** Windows' side: answers each token with its count, and notes what it was asked. */
function fakeSecurity(failing?: WindowsError) {
  const asked: unknown[] = [];
  const calls: SecurityCalls = {
    acquire: (packageName, account) => {
      asked.push(['acquire', packageName, account?.user]);
      return Buffer.from('credentials');
    },
    step: (_credentials, context, service, token) => {
      if (failing) throw failing;
      asked.push(['step', context?.toString(), service, token && Buffer.from(token).toString()]);
      return { context: Buffer.from('context'), token: Buffer.from(`token ${asked.length - 1}`) };
    },
    release: (credentials, context) =>
      void asked.push(['release', credentials.toString(), context?.toString()]),
  };
  return { calls, asked };
}

describe('a sign-in by Windows', () => {
  it('goes on in the context of its first token, and frees what it took', () => {
    const { calls, asked } = fakeSecurity();
    const conversation = conversationWith(calls, 'MSSQLSvc/SRV01:1433', undefined);
    expect(Buffer.from(conversation.next()).toString()).toBe('token 1');
    expect(Buffer.from(conversation.next(Buffer.from('challenge'))).toString()).toBe('token 2');
    conversation.end();
    expect(asked).toEqual([
      ['acquire', 'Negotiate', undefined],
      ['step', undefined, 'MSSQLSvc/SRV01:1433', undefined],
      ['step', 'context', 'MSSQLSvc/SRV01:1433', 'challenge'],
      ['release', 'credentials', 'context'],
    ]);
  });

  it('takes NTLM for an account with a password', () => {
    const { calls, asked } = fakeSecurity();
    conversationWith(calls, 'MSSQLSvc/SRV01:1433', anna).end();
    expect(asked).toEqual([
      ['acquire', 'NTLM', 'anna'],
      ['release', 'credentials', undefined],
    ]);
  });

  it.each([
    [0x8009030e, 'this account has nothing that it could sign in with'],
    [0x80090311, 'no computer of the domain answers'],
    [0x80090308, 'error 0x80090308 of InitializeSecurityContextW'],
  ])('says what 0x%x means', (number, reason) => {
    const { calls } = fakeSecurity(new WindowsError('InitializeSecurityContextW', number));
    const conversation = conversationWith(calls, 'MSSQLSvc/SRV01:1433', anna);
    expect(() => conversation.next()).toThrow(
      expect.objectContaining({
        code: 'windows-sign-in-failed',
        exit: 'connection',
        message: `Windows could not begin to sign in SHOP\\anna: ${reason}.`,
      }),
    );
  });
});
