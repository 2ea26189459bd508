import { describe, expect, it } from 'vitest';
import { terminalTraits } from '../../../src/cli/terminal/traits.ts';

describe('the glyphs of a terminal', () => {
  it.each([
    ['Windows Terminal', { WT_SESSION: '1' }, 'win32', 'unicode'],
    ['an old Windows console', {}, 'win32', 'cp437'],
    ['a Linux terminal', { LANG: 'en_US.UTF-8', TERM: 'xterm-256color' }, 'linux', 'unicode'],
    ['the Linux console', { LANG: 'C.UTF-8', TERM: 'linux' }, 'linux', 'cp437'],
    ['a terminal without a locale', { TERM: 'vt100' }, 'linux', 'ascii'],
    ['LC_ALL before LANG', { LC_ALL: 'C', LANG: 'C.UTF-8' }, 'linux', 'ascii'],
    ['an empty LC_ALL', { LC_ALL: '', LANG: 'C.utf8' }, 'linux', 'unicode'],
  ] as const)('of %s', (_what, environment, platform, glyphs) => {
    expect(terminalTraits(environment, platform, false).glyphs).toBe(glyphs);
  });

  it('are ASCII where the technician says so', () => {
    expect(terminalTraits({ WT_SESSION: '1' }, 'win32', true).glyphs).toBe('ascii');
  });
});

it.each([
  [{ SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, true],
  [{ SESSIONNAME: 'RDP-Tcp#3' }, true],
  [{ SESSIONNAME: 'Console' }, false],
])('tells a remote terminal by %o', (environment, isRemote) => {
  expect(terminalTraits(environment, 'win32', false).isRemote).toBe(isRemote);
});

it('trusts only Windows Terminal with synchronised output', () => {
  expect(terminalTraits({ WT_SESSION: '1' }, 'win32', false).isSynchronised).toBe(true);
  expect(terminalTraits({ WT_SESSION: '1', TERM_PROGRAM: 'Tabby' }, 'win32', false).isSynchronised).toBe(
    false,
  );
  expect(terminalTraits({ TERM: 'xterm' }, 'linux', false).isSynchronised).toBe(false);
});
