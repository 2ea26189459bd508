import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type KeyboardInput, readKeys } from '../../../src/cli/terminal/keyboard.ts';
import { keyId } from '../../../src/screens/keys.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function openKeyboard(isRemote: boolean) {
  const modes: boolean[] = [];
  const input = Object.assign(new EventEmitter(), {
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
    resume: () => undefined,
    pause: () => undefined,
  });
  const keys: string[] = [];
  const release = readKeys(input as unknown as KeyboardInput, isRemote, (key) => keys.push(keyId(key)));
  const send = (bytes: string | Buffer) => input.emit('data', Buffer.from(bytes as string));
  return { keys, modes, release, send };
}

it('joins an arrow key that a slow link has cut in two', () => {
  const { keys, send } = openKeyboard(true);
  send('\u{1B}');
  vi.advanceTimersByTime(90);
  send('[A');
  expect(keys).toEqual(['up']);
});

it('takes a lone ESC for Esc when nothing has followed it', () => {
  const { keys, send } = openKeyboard(true);
  send('\u{1B}');
  expect(keys).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(keys).toEqual(['escape']);
});

it('waits longer for the rest of a sequence, and never makes text of it', () => {
  const { keys, send } = openKeyboard(false);
  send('\u{1B}[');
  vi.advanceTimersByTime(900);
  send('B');
  send('\u{1B}[1;');
  vi.advanceTimersByTime(1100);
  send('x');
  expect(keys).toEqual(['down', 'x']);
});

it('joins a character whose bytes arrive apart', () => {
  const { keys, send } = openKeyboard(false);
  const bytes = Buffer.from('ß');
  send(bytes.subarray(0, 1));
  send(bytes.subarray(1));
  expect(keys).toEqual(['ß']);
});

it('leaves the terminal as it was', () => {
  const { keys, modes, release, send } = openKeyboard(false);
  release();
  send('a');
  expect(modes).toEqual([true, false]);
  expect(keys).toEqual([]);
});
