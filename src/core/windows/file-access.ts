import { bindings, type Pointer } from './koffi.ts';
import { serviceSid } from './service-sid.ts';
import { WindowsError } from './windows-error.ts';

/** What the account of the service may do; administrators and the system may do everything, nobody else anything. */
export type ServiceAccess = {
  readonly service: string;
  readonly may: 'read' | 'modify';
};

/** Security descriptors as text (SDDL); all throw WindowsError. */
export type FileAccessCalls = {
  /** Sets owner and discretionary list, and cuts off what the folder would hand down. */
  write(path: string, descriptor: string): void;
  read(path: string): string;
};

/** https://learn.microsoft.com/windows/win32/secauthz/ace-strings: FA full, FR read, 0x1301bf modify. */
const rights = { read: 'FR', modify: '0x1301bf' } as const;

/** Owner: administrators. `P` keeps out what the folder above grants; a folder hands its rights down (OICI). */
export function restrictedDescriptor({ service, may }: ServiceAccess, isFolder: boolean): string {
  const flags = isFolder ? 'OICI' : '';
  // A folder is entered with FRFX; a file alone needs no right to execute.
  const right = may === 'read' && isFolder ? '0x1200a9' : rights[may];
  const allowed = [
    ['FA', 'SY'],
    ['FA', 'BA'],
    [right, serviceSid(service)],
  ];
  return `O:BAD:P${allowed.map(([what, who]) => `(A;${flags};${what};;;${who})`).join('')}`;
}

/**
 * Lets only administrators, the system and the service's account at a file or folder. False when reading it back shows
 * otherwise: a FAT volume keeps no rights, for one.
 */
export function restrictWith(
  calls: FileAccessCalls,
  path: string,
  access: ServiceAccess,
  isFolder: boolean,
): boolean {
  const wanted = restrictedDescriptor(access, isFolder);
  calls.write(path, wanted);
  const found = calls.read(path);
  // Windows adds flags of its own (`D:PAI`) and may put the entries into another order.
  return /D:[A-Z]*P/.test(found) && entries(found).join() === entries(wanted).join();
}

function entries(descriptor: string): readonly string[] {
  return (descriptor.match(/\([^)]*\)/g) ?? []).toSorted();
}

export const fileAccessBindings = bindings((koffi, load): FileAccessCalls => {
  const advapi32 = load('advapi32.dll');
  const kernel32 = load('kernel32.dll');
  const lastError = kernel32.func('uint32 __stdcall GetLastError()') as () => number;
  const free = kernel32.func('void* __stdcall LocalFree(void* memory)') as (memory: Pointer) => unknown;
  type Out<Value> = [Value | null];
  const parse = advapi32.func(
    'int __stdcall ConvertStringSecurityDescriptorToSecurityDescriptorW(str16 text, uint32 revision, _Out_ void** descriptor, void* size)',
  ) as (text: string, revision: number, descriptor: Out<Pointer>, size: null) => number;
  const print = advapi32.func(
    'int __stdcall ConvertSecurityDescriptorToStringSecurityDescriptorW(void* descriptor, uint32 revision, uint32 parts, _Out_ void** text, void* size)',
  ) as (descriptor: Pointer, revision: number, parts: number, text: Out<Pointer>, size: null) => number;
  const ownerOf = advapi32.func(
    'int __stdcall GetSecurityDescriptorOwner(void* descriptor, _Out_ void** owner, _Out_ int* isDefault)',
  ) as (descriptor: Pointer, owner: Out<Pointer>, isDefault: Out<number>) => number;
  const listOf = advapi32.func(
    'int __stdcall GetSecurityDescriptorDacl(void* descriptor, _Out_ int* isPresent, _Out_ void** list, _Out_ int* isDefault)',
  ) as (descriptor: Pointer, isPresent: Out<number>, list: Out<Pointer>, isDefault: Out<number>) => number;
  const set = advapi32.func(
    'uint32 __stdcall SetNamedSecurityInfoW(str16 name, int type, uint32 parts, void* owner, void* group, void* list, void* audit)',
  ) as (
    name: string,
    type: number,
    parts: number,
    owner: Pointer | null,
    group: null,
    list: Pointer | null,
    audit: null,
  ) => number;
  const get = advapi32.func(
    'uint32 __stdcall GetNamedSecurityInfoW(str16 name, int type, uint32 parts, void* owner, void* group, void* list, void* audit, _Out_ void** descriptor)',
  ) as (
    name: string,
    type: number,
    parts: number,
    owner: null,
    group: null,
    list: null,
    audit: null,
    descriptor: Out<Pointer>,
  ) => number;

  const revision = 1;
  const file = 1;
  const ownerAndList = 0x1 | 0x4;
  const keepOut = 0x8000_0000;
  const must = (call: string, succeeded: number) => {
    if (!succeeded) throw new WindowsError(call, lastError());
  };
  /** What a function of Windows has allocated, given back whatever happens. */
  const using = <Result>(memory: Pointer | null, use: (memory: Pointer) => Result): Result => {
    if (memory === null) throw new Error('Windows gave no memory back where it should.');
    try {
      return use(memory);
    } finally {
      free(memory);
    }
  };
  return {
    write: (path, text) => {
      const descriptor: Out<Pointer> = [null];
      must('ConvertStringSecurityDescriptorToSecurityDescriptorW', parse(text, revision, descriptor, null));
      using(descriptor[0], (parsed) => {
        const owner: Out<Pointer> = [null];
        const list: Out<Pointer> = [null];
        must('GetSecurityDescriptorOwner', ownerOf(parsed, owner, [null]));
        must('GetSecurityDescriptorDacl', listOf(parsed, [null], list, [null]));
        const error = set(path, file, ownerAndList | keepOut, owner[0], null, list[0], null);
        if (error !== 0) throw new WindowsError('SetNamedSecurityInfoW', error);
      });
    },
    read: (path) => {
      const descriptor: Out<Pointer> = [null];
      const error = get(path, file, ownerAndList, null, null, null, null, descriptor);
      if (error !== 0) throw new WindowsError('GetNamedSecurityInfoW', error);
      return using(descriptor[0], (found) => {
        const text: Out<Pointer> = [null];
        must(
          'ConvertSecurityDescriptorToStringSecurityDescriptorW',
          print(found, revision, ownerAndList, text, null),
        );
        return using(text[0], (printed) => koffi.decode.string16(printed));
      });
    },
  };
});
