import { ExpectedError } from '../errors.ts';
import { bindings, type Pointer } from './koffi.ts';
import { WindowsError } from './windows-error.ts';

/** Who can read it again: everybody on this computer who has the bytes and the entropy, or this user alone. */
export type ProtectionScope = 'machine' | 'user';

/** CryptProtectData and its opposite (DPAPI); both throw WindowsError. */
export type ProtectionCalls = {
  protect(data: Uint8Array, entropy: Uint8Array, flags: number): Uint8Array;
  unprotect(data: Uint8Array, entropy: Uint8Array, flags: number): Uint8Array;
};

/** Nobody sits in front of a service. */
const neverAsk = 0x1;
const forMachine = 0x4;

/**
 * Encrypts for this computer. The key of `machine` is everybody's who may run programs here: the rights on the file
 * that keeps the result are what protects it. `entropy` is not secret; it keeps blobs of different use apart.
 */
export function protectWith(
  calls: ProtectionCalls,
  data: Uint8Array,
  { scope, entropy }: { readonly scope: ProtectionScope; readonly entropy: string },
): Uint8Array {
  const flags = scope === 'machine' ? neverAsk | forMachine : neverAsk;
  return calls.protect(data, Buffer.from(entropy, 'utf8'), flags);
}

/** Throws ExpectedError `secret-unreadable` for what was protected elsewhere, with other entropy, or is damaged. */
export function unprotectWith(calls: ProtectionCalls, data: Uint8Array, entropy: string): Uint8Array {
  try {
    return calls.unprotect(data, Buffer.from(entropy, 'utf8'), neverAsk);
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error;
    throw new ExpectedError({
      code: 'secret-unreadable',
      exit: 'prerequisite',
      message: 'A password that was kept on this computer cannot be read any more.',
      hint: 'Give it again: storedb service install with the answers file. A copy from another computer never works.',
      details: { call: error.call, number: error.number },
      cause: error,
    });
  }
}

export const protectionBindings = bindings((koffi, load): ProtectionCalls => {
  koffi.struct('DATA_BLOB', { size: 'uint32', data: 'void*' });
  const crypt32 = load('crypt32.dll');
  const kernel32 = load('kernel32.dll');
  const lastError = kernel32.func('uint32 __stdcall GetLastError()') as () => number;
  const free = kernel32.func('void* __stdcall LocalFree(void* memory)') as (memory: Pointer) => unknown;
  type Blob = { size: number; data: Pointer };
  type Call = (
    data: object,
    description: null,
    entropy: object,
    reserved: null,
    prompt: null,
    flags: number,
    result: object,
  ) => number;
  const declare = (name: string): Call =>
    crypt32.func(
      `int __stdcall ${name}(DATA_BLOB* data, void* description, DATA_BLOB* entropy, void* reserved, void* prompt, uint32 flags, _Out_ DATA_BLOB* result)`,
    ) as Call;
  const blob = (bytes: Uint8Array) => ({ size: bytes.length, data: bytes });
  const calling = (name: string) => {
    const call = declare(name);
    return (data: Uint8Array, entropy: Uint8Array, flags: number): Uint8Array => {
      const result = {} as Blob;
      if (!call(blob(data), null, blob(entropy), null, null, flags, result))
        throw new WindowsError(name, lastError());
      try {
        return Uint8Array.from(koffi.decode(result.data, koffi.array('uint8', result.size)));
      } finally {
        free(result.data);
      }
    };
  };
  return { protect: calling('CryptProtectData'), unprotect: calling('CryptUnprotectData') };
});
