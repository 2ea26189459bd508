/** The server's half of NTLM, version 2 ([MS-NLMP]): a challenge, and whether the answer to it knows the password. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { md4 } from './md4.ts';
import { ProtocolProblem } from './protocol.ts';

export type WindowsUser = { readonly domain: string; readonly user: string; readonly password: string };

const SIGNATURE = Buffer.from('NTLMSSP\0', 'ascii');
const TYPE = { negotiate: 1, challenge: 2, authenticate: 3 } as const;
/** Unicode, request target, NTLM, always sign, target type domain, extended security, target info, version, 128, 56. */
const FLAGS = 0xa2898205;
/** Sign, seal, key exchange: given to whom asks for them, who else ends the sign-in; nothing is signed or sealed in TDS. */
const GIVEN_WHEN_ASKED = 0x4000_0030;
/** Kinds of the pairs in the target information. */
const PAIR = { end: 0, computer: 1, domain: 2 } as const;

export function isNtlm(message: Buffer): boolean {
  return message.length >= 12 && message.subarray(0, 8).equals(SIGNATURE);
}

/** The challenge in answer to the client's first message. `nonce` is 8 random bytes. */
export function ntlmChallenge(first: Buffer, nonce: Buffer, domain: string): Buffer {
  const name = Buffer.from(domain, 'utf16le');
  const pair = (kind: number, value: Buffer): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(kind, 0);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, value]);
  };
  const target = Buffer.concat([
    pair(PAIR.domain, name),
    pair(PAIR.computer, name),
    pair(PAIR.end, Buffer.alloc(0)),
  ]);
  const head = Buffer.alloc(56);
  SIGNATURE.copy(head);
  head.writeUInt32LE(TYPE.challenge, 8);
  head.writeUInt16LE(name.length, 12);
  head.writeUInt16LE(name.length, 14);
  head.writeUInt32LE(head.length, 16);
  const asked = first.length >= 16 ? first.readUInt32LE(12) : 0;
  head.writeUInt32LE((FLAGS | (asked & GIVEN_WHEN_ASKED)) >>> 0, 20);
  nonce.copy(head, 24);
  head.writeUInt16LE(target.length, 40);
  head.writeUInt16LE(target.length, 42);
  head.writeUInt32LE(head.length + name.length, 44);
  return Buffer.concat([head, name, target]);
}

export type NtlmAnswer = {
  readonly domain: string;
  readonly user: string;
  readonly lm: Buffer;
  readonly nt: Buffer;
};

/** Throws ProtocolProblem on what is no answer. */
export function parseNtlmAnswer(message: Buffer): NtlmAnswer {
  if (!isNtlm(message) || message.length < 64 || message.readUInt32LE(8) !== TYPE.authenticate) {
    throw new ProtocolProblem('not the answer to an NTLM challenge');
  }
  const field = (at: number): Buffer => {
    const offset = message.readUInt32LE(at + 4);
    const length = message.readUInt16LE(at);
    if (offset + length > message.length)
      throw new ProtocolProblem('an NTLM answer with a field outside of it');
    return message.subarray(offset, offset + length);
  };
  return {
    lm: field(12),
    nt: field(20),
    domain: field(28).toString('utf16le'),
    user: field(36).toString('utf16le'),
  };
}

function hmac(key: Buffer, ...parts: readonly Buffer[]): Buffer {
  return createHmac('md5', key).update(Buffer.concat(parts)).digest();
}

/** Both responses begin with 16 bytes of proof over the nonce and what follows the proof. */
function isProof(key: Buffer, nonce: Buffer, response: Buffer): boolean {
  return timingSafeEqual(hmac(key, nonce, response.subarray(16)), response.subarray(0, 16));
}

/** Least length of an NTLMv2 response: the proof and the fixed part of the client's challenge. */
const NT_RESPONSE = 44;
/** An LMv2 response: the proof and 8 bytes of the client's. tedious declares its NTLMv2 response too short, so this one decides. */
const LM_RESPONSE = 24;

/** Whether the answer proves `user`'s password. */
export function provesPassword(answer: NtlmAnswer, nonce: Buffer, user: WindowsUser): boolean {
  const hash = md4(Buffer.from(user.password, 'utf16le'));
  // The domain enters as it was typed; some clients turn it to upper case first.
  return [answer.domain, answer.domain.toUpperCase()].some((domain) => {
    const key = hmac(hash, Buffer.from(answer.user.toUpperCase() + domain, 'utf16le'));
    if (answer.nt.length >= NT_RESPONSE) return isProof(key, nonce, answer.nt);
    return answer.lm.length === LM_RESPONSE && isProof(key, nonce, answer.lm);
  });
}

/** The user of the table whom the answer names, when it proves the password. */
export function findUser(
  answer: NtlmAnswer,
  nonce: Buffer,
  users: readonly WindowsUser[],
): WindowsUser | undefined {
  const same = (a: string, b: string): boolean => a.toUpperCase() === b.toUpperCase();
  const named = users.find(({ domain, user }) => same(domain, answer.domain) && same(user, answer.user));
  return named && provesPassword(answer, nonce, named) ? named : undefined;
}
