import { bindings } from './koffi.ts';
import type { SecurityCalls } from './sign-in.ts';
import { WindowsError } from './windows-error.ts';

const outbound = 2;
const unicode = 2;
/** Connection, confidentiality, integrity, sequence and replay: what SQL Server's own clients ask for. */
const wanted = 0x800 | 0x10 | 0x1_0000 | 0x8 | 0x4;
const nativeOrder = 0x10;
const tokenBuffer = 2;
/** SEC_E_OK and SEC_I_CONTINUE_NEEDED. */
const fine: readonly number[] = [0, 0x90312];
/** The largest token of any package is 48,000 bytes (MaxTokenSize of Kerberos). */
const largestToken = 65_536;
const handleBytes = 16;

type Call = (...args: readonly unknown[]) => number;

export const securityBindings = bindings((koffi, load): SecurityCalls => {
  koffi.struct('SEC_WINNT_AUTH_IDENTITY_W', {
    user: 'str16',
    userLength: 'uint32',
    domain: 'str16',
    domainLength: 'uint32',
    password: 'str16',
    passwordLength: 'uint32',
    flags: 'uint32',
  });
  const secur32 = load('secur32.dll');
  const acquire = secur32.func(
    'int32 __stdcall AcquireCredentialsHandleW(str16 principal, str16 package, uint32 use, void* logon, void* account, void* getKey, void* argument, void* credentials, _Out_ int64* expiry)',
  ) as Call;
  const initialize = secur32.func(
    'int32 __stdcall InitializeSecurityContextW(void* credentials, void* context, str16 target, uint32 wanted, uint32 reserved, uint32 order, void* input, uint32 reserved2, void* newContext, void* output, _Out_ uint32* got, _Out_ int64* expiry)',
  ) as Call;
  const deleteContext = secur32.func('int32 __stdcall DeleteSecurityContext(void* context)') as Call;
  const freeCredentials = secur32.func('int32 __stdcall FreeCredentialsHandle(void* credentials)') as Call;

  /** SecBufferDesc with one SecBuffer; the memory of all three lives as long as this is kept. */
  const described = (token: Buffer) => {
    const buffer = Buffer.alloc(16);
    buffer.writeUInt32LE(token.length, 0);
    buffer.writeUInt32LE(tokenBuffer, 4);
    buffer.writeBigUInt64LE(koffi.address(token), 8);
    const list = Buffer.alloc(16);
    list.writeUInt32LE(1, 4);
    list.writeBigUInt64LE(koffi.address(buffer), 8);
    return { list, token, length: () => buffer.readUInt32LE(0) };
  };
  const must = (call: string, status: number) => {
    if (!fine.includes(status)) throw new WindowsError(call, status >>> 0);
  };
  return {
    acquire: (packageName, account) => {
      const credentials = Buffer.alloc(handleBytes);
      const { domain, user } = account ?? {};
      const password = account?.password.reveal();
      const identity =
        password === undefined
          ? null
          : koffi.as(
              {
                user,
                userLength: user?.length,
                domain,
                domainLength: domain?.length,
                password,
                passwordLength: password.length,
                flags: unicode,
              },
              'SEC_WINNT_AUTH_IDENTITY_W*',
            );
      const status = acquire(null, packageName, outbound, null, identity, null, null, credentials, [0]);
      must('AcquireCredentialsHandleW', status);
      return credentials;
    },
    step: (credentials, context, service, token) => {
      const input = token === undefined ? undefined : described(Buffer.from(token));
      const output = described(Buffer.alloc(largestToken));
      const now = context ?? Buffer.alloc(handleBytes);
      const status = initialize(
        credentials,
        context ?? null,
        service,
        wanted,
        0,
        nativeOrder,
        input?.list ?? null,
        0,
        now,
        output.list,
        [0],
        [0],
      );
      must('InitializeSecurityContextW', status);
      return { context: now, token: output.token.subarray(0, output.length()) };
    },
    release: (credentials, context) => {
      if (context !== undefined) deleteContext(context);
      freeCredentials(credentials);
    },
  };
});
