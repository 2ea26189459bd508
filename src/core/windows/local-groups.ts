import { groupAccount, type LocalGroups } from '../accounts/local-groups.ts';
import { bindings } from './koffi.ts';
import { serviceSidBytes } from './service-sid.ts';
import { WindowsError } from './windows-error.ts';
import { windowsFailure } from './windows-failure.ts';

/** What NetLocalGroupAdd says of a group that is there (lmerr.h, winerror.h). */
const isThere: readonly number[] = [2223, 1379];
/** NetLocalGroupAddMembers: the account is a member already. */
const isMember = 1378;
/** LookupAccountName: no account of that name. */
const noneMapped = 1332;
/** SID_NAME_USE: a local group, and one that Windows made itself. */
const localGroupKinds: readonly number[] = [4, 5];

export type LocalGroupCalls = {
  /** Gives the number of the error, 0 for none. */
  add(name: string, comment: string): number;
  /** Gives the number of the error, 0 for none. */
  addMember(name: string, sid: Uint8Array): number;
  /** What kind of account has the name COMPUTER\NAME; throws WindowsError. */
  kindOf(account: string): number;
};

/** The local groups of the computer of that name, which is this one. Windows is asked when one is. */
export function windowsLocalGroups(open: () => Promise<LocalGroupCalls>, computer: string): LocalGroups {
  return {
    computer,
    has: async (name) => {
      const calls = await open();
      try {
        return localGroupKinds.includes(calls.kindOf(groupAccount(computer, name)));
      } catch (error) {
        if (error instanceof WindowsError && error.number === noneMapped) return false;
        throw windowsFailure(error, `look for the local group ${name}`);
      }
    },
    addService: async (name, service) => {
      const error = (await open()).addMember(name, serviceSidBytes(service));
      if (error !== 0 && error !== isMember)
        throw windowsFailure(
          new WindowsError('NetLocalGroupAddMembers', error),
          `put the service ${service} into the local group ${name}`,
        );
    },
    make: async ({ name, comment }) => {
      const error = (await open()).add(name, comment);
      if (error !== 0 && !isThere.includes(error))
        throw windowsFailure(new WindowsError('NetLocalGroupAdd', error), `create the local group ${name}`);
    },
  };
}

export const localGroupBindings = bindings((koffi, load): LocalGroupCalls => {
  koffi.struct('LOCALGROUP_INFO_1', { name: 'str16', comment: 'str16' });
  const lastError = load('kernel32.dll').func('uint32 __stdcall GetLastError()') as () => number;
  const add = load('netapi32.dll').func(
    'uint32 __stdcall NetLocalGroupAdd(str16 computer, uint32 level, LOCALGROUP_INFO_1* group, void* wrong)',
  ) as (computer: null, level: number, group: object, wrong: null) => number;
  const addMembers = load('netapi32.dll').func(
    'uint32 __stdcall NetLocalGroupAddMembers(str16 computer, str16 group, uint32 level, void* members, uint32 count)',
  ) as (computer: null, group: string, level: number, members: Buffer, count: number) => number;
  const lookUp = load('advapi32.dll').func(
    'int __stdcall LookupAccountNameW(str16 computer, str16 account, void* sid, _Inout_ uint32* sidSize, void* domain, _Inout_ uint32* domainSize, _Out_ int* kind)',
  ) as (
    computer: null,
    account: string,
    sid: Buffer,
    sidSize: [number],
    domain: Buffer,
    domainSize: [number],
    kind: [number],
  ) => number;
  /** The largest SID (winnt.h), and the longest name of a domain that fits. */
  const sidBytes = 68;
  const domainUnits = 1024;
  return {
    add: (name, comment) => add(null, 1, { name, comment }, null),
    addMember: (name, sid) => {
      // LOCALGROUP_MEMBERS_INFO_0: one pointer to a SID.
      const kept = Buffer.from(sid);
      const member = Buffer.alloc(8);
      member.writeBigUInt64LE(koffi.address(kept));
      return addMembers(null, name, 0, member, 1);
    },
    kindOf: (account) => {
      const kind: [number] = [0];
      const sid = Buffer.alloc(sidBytes);
      const domain = Buffer.alloc(domainUnits * 2);
      if (!lookUp(null, account, sid, [sidBytes], domain, [domainUnits], kind))
        throw new WindowsError('LookupAccountNameW', lastError());
      return kind[0];
    },
  };
});
