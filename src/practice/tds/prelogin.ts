/** PRELOGIN: the first message of either side, and the agreement about encryption ([MS-TDS] 2.2.6.5). */

import { ProtocolProblem } from './protocol.ts';

const OPTION = { version: 0, encryption: 1, instance: 2, thread: 3, mars: 4, end: 0xff } as const;

/** Values of the encryption option. Bit 0x80 (a client certificate) is not supported and not looked at. */
const ENCRYPT = { off: 0, on: 1, notSupported: 2, required: 3 } as const;

export type ClientPrelogin = { readonly encryption: 'off' | 'on' | 'not-supported' | 'required' };

/** `none` of the connection, the `login` packet alone, or `all` of it. */
export type EncryptionScope = 'none' | 'login' | 'all';

/** What the server does about encryption: nothing, what the client wishes, or always. */
export type EncryptionPolicy = 'unsupported' | 'optional' | 'required';

const CLIENT_WISHES = ['off', 'on', 'not-supported', 'required'] as const;

/** Throws ProtocolProblem when an option points outside the message. */
export function parsePrelogin(data: Buffer): ClientPrelogin {
  let encryption: ClientPrelogin['encryption'] = 'not-supported';
  for (let at = 0; ; at += 5) {
    if (at >= data.length) throw new ProtocolProblem('PRELOGIN without an end');
    const option = data.readUInt8(at);
    if (option === OPTION.end) return { encryption };
    if (at + 5 > data.length) throw new ProtocolProblem('PRELOGIN cut short');
    const offset = data.readUInt16BE(at + 1);
    const length = data.readUInt16BE(at + 3);
    if (offset + length > data.length) throw new ProtocolProblem('PRELOGIN with an option outside of it');
    if (option === OPTION.encryption && length > 0) {
      encryption = CLIENT_WISHES[data.readUInt8(offset) & 0x3] ?? 'not-supported';
    }
  }
}

export type EncryptionAnswer = {
  readonly option: number;
  readonly scope: EncryptionScope;
  /** The two cannot agree; the client gives up when it reads the answer. */
  readonly isRefusal: boolean;
};

/** The table of [MS-TDS] 2.2.6.5: what the client wishes against what the server does. */
export function agreeOnEncryption(
  client: ClientPrelogin['encryption'],
  policy: EncryptionPolicy,
): EncryptionAnswer {
  const wantsAll = client === 'on' || client === 'required';
  if (policy === 'unsupported') return { option: ENCRYPT.notSupported, scope: 'none', isRefusal: wantsAll };
  if (wantsAll) return { option: ENCRYPT.on, scope: 'all', isRefusal: false };
  if (policy === 'required')
    return { option: ENCRYPT.required, scope: 'all', isRefusal: client === 'not-supported' };
  if (client === 'off') return { option: ENCRYPT.off, scope: 'login', isRefusal: false };
  return { option: ENCRYPT.notSupported, scope: 'none', isRefusal: false };
}

/** The answer's payload. */
export function preloginAnswer(
  version: { major: number; minor: number; build: number },
  encryption: number,
): Buffer {
  const versionBytes = Buffer.alloc(6);
  versionBytes[0] = version.major;
  versionBytes[1] = version.minor;
  versionBytes.writeUInt16BE(version.build, 2);
  const options: readonly (readonly [number, Buffer])[] = [
    [OPTION.version, versionBytes],
    [OPTION.encryption, Buffer.from([encryption])],
    [OPTION.instance, Buffer.from([0])], // the instance that was asked for is this one
    [OPTION.thread, Buffer.alloc(0)],
    [OPTION.mars, Buffer.from([0])],
  ];
  const table = Buffer.alloc(options.length * 5 + 1);
  let offset = table.length;
  options.forEach(([option, value], index) => {
    table[index * 5] = option;
    table.writeUInt16BE(offset, index * 5 + 1);
    table.writeUInt16BE(value.length, index * 5 + 3);
    offset += value.length;
  });
  table[table.length - 1] = OPTION.end;
  return Buffer.concat([table, ...options.map(([, value]) => value)]);
}
