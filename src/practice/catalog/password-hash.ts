/** Passwords of SQL logins as SQL Server 2012 and later keep them: 0x0200, four bytes of salt, SHA-512 of both. */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const VERSION = Buffer.from([0x02, 0x00]);
const SALT_LENGTH = 4;

const digest = (password: string, salt: Uint8Array): Buffer =>
  createHash('sha512').update(Buffer.from(password, 'utf16le')).update(salt).digest();

/** The hash with a salt of its own, as text: 0x0200... */
export function hashPassword(password: string): string {
  const salt = randomBytes(SALT_LENGTH);
  return `0x${Buffer.concat([VERSION, salt, digest(password, salt)])
    .toString('hex')
    .toUpperCase()}`;
}

/** Whether the hash was made of this password; letters' case counts. False for what is no such hash. */
export function isPasswordOf(hash: string, password: string): boolean {
  const bytes = Buffer.from(hash.replace(/^0x/i, ''), 'hex');
  const start = VERSION.length + SALT_LENGTH;
  if (bytes.length !== start + 64 || !bytes.subarray(0, 2).equals(VERSION)) return false;
  return timingSafeEqual(bytes.subarray(start), digest(password, bytes.subarray(2, start)));
}
