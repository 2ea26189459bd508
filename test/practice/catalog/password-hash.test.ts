import { expect, test } from 'vitest';
import { hashPassword, isPasswordOf } from '../../../src/practice/catalog/password-hash.ts';

test('a password is known by its hash, whose salt is its own', () => {
  const hash = hashPassword('Till-4321 ä');
  expect(hash).toMatch(/^0x0200[0-9A-F]{136}$/);
  expect(isPasswordOf(hash, 'Till-4321 ä')).toBe(true);
  expect(isPasswordOf(hash, 'till-4321 ä')).toBe(false);
  expect(hashPassword('Till-4321 ä')).not.toBe(hash);
});

test('what is no hash fits no password', () => {
  expect(isPasswordOf('0x0200', 'x')).toBe(false);
  expect(isPasswordOf('', '')).toBe(false);
});
