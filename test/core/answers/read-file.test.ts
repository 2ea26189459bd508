import { expect, test } from 'vitest';
import { readAnswersFile } from '../../../src/core/answers/read-file.ts';

const file = (content: Uint8Array) => ({ read: async () => content });
const failing = (code: string) => ({
  read: async () => Promise.reject(Object.assign(new Error(`${code}: x`), { code })),
});

test.each([
  ['UTF-8', Buffer.from('task: ä')],
  ['UTF-8 with mark', Buffer.from('\uFEFFtask: ä')],
  ['UTF-16 of Notepad', Buffer.from('\uFEFFtask: ä', 'utf16le')],
  ['UTF-16 the other way round', Buffer.from('\uFEFFtask: ä', 'utf16le').swap16()],
])('%s is read', async (_, bytes) => {
  expect(await readAnswersFile('a.yaml', file(bytes))).toBe('task: ä');
});

test.each([
  ['Latin-1', Buffer.from('task: ä', 'latin1')],
  ['UTF-16 without mark', Buffer.from('task', 'utf16le')],
  ['half a character', Buffer.from([0xff, 0xfe, 0x41])],
])('%s is refused', async (_, bytes) => {
  await expect(readAnswersFile('a.yaml', file(bytes))).rejects.toMatchObject({
    code: 'answers-unreadable',
    exit: 'answers',
    message: 'a.yaml is not a UTF-8 text.',
  });
});

test.each([
  ['ENOENT', 'a.yaml does not exist.'],
  ['EISDIR', 'a.yaml is a folder.'],
  ['EACCES', 'a.yaml may not be read by this account.'],
  ['EBUSY', 'a.yaml is in use by another program.'],
  ['EIO', 'a.yaml cannot be read (EIO).'],
])('%s is explained', async (code, message) => {
  await expect(readAnswersFile('a.yaml', failing(code))).rejects.toMatchObject({ message, exit: 'answers' });
});

test('a backup given by mistake is refused', async () => {
  await expect(readAnswersFile('a.bak', file(Buffer.alloc(2_000_000)))).rejects.toThrow('too large');
});
