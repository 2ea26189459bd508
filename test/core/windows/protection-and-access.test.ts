import { describe, expect, it } from 'vitest';
import { protectWith, unprotectWith } from '../../../src/core/windows/data-protection.ts';
import { type EventLogCalls, registerSourceWith, reportWith } from '../../../src/core/windows/event-log.ts';
import {
  type FileAccessCalls,
  restrictedDescriptor,
  restrictWith,
} from '../../../src/core/windows/file-access.ts';
import { serviceSid, serviceSidBytes } from '../../../src/core/windows/service-sid.ts';
import { WindowsError } from '../../../src/core/windows/windows-error.ts';
import { windowsFailure } from '../../../src/core/windows/windows-failure.ts';

/** The one service SID that is printed in Microsoft's own documentation of file rights. */
const trustedInstaller = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464';

describe('what only this computer can read', () => {
  it('is protected for the whole computer or for one user, without ever asking anybody', () => {
    const flags: number[] = [];
    const calls = {
      protect: (data: Uint8Array, entropy: Uint8Array, flag: number) => {
        flags.push(flag);
        return Buffer.concat([entropy, data]);
      },
      unprotect: (data: Uint8Array, entropy: Uint8Array) => data.subarray(entropy.length),
    };
    const data = Buffer.from('geheim');
    const kept = protectWith(calls, data, { scope: 'machine', entropy: 'storedb' });
    protectWith(calls, data, { scope: 'user', entropy: 'storedb' });
    expect(flags).toEqual([5, 1]);
    expect(Buffer.from(unprotectWith(calls, kept, 'storedb')).toString()).toBe('geheim');
  });

  it('says what to do when it cannot be read any more', () => {
    const calls = {
      protect: () => Buffer.alloc(0),
      unprotect: () => {
        throw new WindowsError('CryptUnprotectData', 13);
      },
    };
    expect(() => unprotectWith(calls, Buffer.alloc(3), 'storedb')).toThrow(
      expect.objectContaining({
        code: 'secret-unreadable',
        details: { call: 'CryptUnprotectData', number: 13 },
      }),
    );
  });
});

describe('the account of a service', () => {
  it('has the SID that Windows gives it, whatever the case of its name', () => {
    expect(serviceSid('TrustedInstaller')).toBe(trustedInstaller);
    expect(serviceSid('TRUSTEDINSTALLER')).toBe(trustedInstaller);
    // S-1-5-80 and the same five numbers, each with its lowest byte first.
    expect(serviceSidBytes('TrustedInstaller').toString('hex')).toBe(
      '010600000000000550000000b589fb381984c2cb5c6c236d5700776ec0026487',
    );
  });
});

describe('a file of the service', () => {
  const access = { service: 'TrustedInstaller', may: 'read' } as const;

  it('is there for administrators, the system and the service alone', () => {
    expect(restrictedDescriptor(access, false)).toBe(
      `O:BAD:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;${trustedInstaller})`,
    );
    expect(restrictedDescriptor({ ...access, may: 'modify' }, true)).toBe(
      `O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;${trustedInstaller})`,
    );
  });

  const reading = (found: string): FileAccessCalls => ({ write: () => undefined, read: () => found });

  it('is read back, because some volumes keep no rights', () => {
    const kept = `O:BAD:PAI(A;;FR;;;${trustedInstaller})(A;;FA;;;SY)(A;;FA;;;BA)`;
    expect(restrictWith(reading(kept), 'C:\\x', access, false)).toBe(true);
    for (const found of [
      'O:BAD:NO_ACCESS_CONTROL',
      kept.replace('D:PAI', 'D:AI'),
      `${kept}(A;;FR;;;WD)`,
      kept.replace('(A;;FA;;;BA)', ''),
    ])
      expect(restrictWith(reading(found), 'C:\\x', access, false)).toBe(false);
  });

  it('says that an administrator is needed where Windows refuses', () => {
    const refused = windowsFailure(new WindowsError('SetNamedSecurityInfoW', 5), 'change who may use C:\\x');
    expect(refused).toMatchObject({
      code: 'administrator-needed',
      message: 'Only an administrator may change who may use C:\\x.',
    });
    expect(windowsFailure(new WindowsError('SetNamedSecurityInfoW', 2), 'do this')).toMatchObject({
      code: 'windows-refused',
      message: 'Windows refused to do this: error 2 of SetNamedSecurityInfoW.',
    });
    const bug = new TypeError();
    expect(windowsFailure(bug, 'do this')).toBe(bug);
  });
});

describe('the event log', () => {
  it('gets whole entries, with texts that the viewer shows as they are', () => {
    const written: unknown[] = [];
    const calls: EventLogCalls = {
      report: (...entry) => void written.push(entry),
      register: (...source) => void written.push(source),
    };
    registerSourceWith(calls, 'storedb');
    reportWith(calls, 'storedb', { kind: 'warning', id: 3, text: 'x'.repeat(40_000) });
    expect(written).toEqual([
      ['storedb', '%SystemRoot%\\System32\\EventCreate.exe'],
      ['storedb', 2, 3, 'x'.repeat(31_839)],
    ]);
  });
});
