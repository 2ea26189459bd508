import type { GlyphSet } from '../../screens/index.ts';

/** What is known about the terminal before anything is drawn on it. */
export type TerminalTraits = {
  readonly glyphs: GlyphSet;
  /** Over SSH or RDP: few frames, and keys that arrive in pieces. */
  readonly isRemote: boolean;
  /** Understands synchronised output (DEC 2026); on other consoles its escapes leave overlapping lines. */
  readonly isSynchronised: boolean;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the traits from the environment; `ascii` is the technician's word (--ascii). */
export function terminalTraits(
  environment: Environment,
  platform: NodeJS.Platform,
  ascii: boolean,
): TerminalTraits {
  const isRemote =
    environment.SSH_CONNECTION !== undefined ||
    environment.SSH_TTY !== undefined ||
    environment.SESSIONNAME?.startsWith('RDP-') === true;
  const isWindowsTerminal = environment.WT_SESSION !== undefined && environment.TERM_PROGRAM === undefined;
  return {
    glyphs: ascii ? 'ascii' : glyphSetOf(environment, platform),
    isRemote,
    isSynchronised: isWindowsTerminal,
  };
}

/**
 * Consoles of Windows other than Windows Terminal have no font to fall back on beyond their code page, and the Linux
 * console has 256 glyphs. Elsewhere the locale decides, as POSIX orders its variables.
 */
function glyphSetOf(environment: Environment, platform: NodeJS.Platform): GlyphSet {
  if (platform === 'win32') return environment.WT_SESSION === undefined ? 'cp437' : 'unicode';
  const locale = [environment.LC_ALL, environment.LC_CTYPE, environment.LANG].find(
    (value) => value !== undefined && value !== '',
  );
  if (!/utf-?8/i.test(locale ?? '')) return 'ascii';
  return environment.TERM === 'linux' ? 'cp437' : 'unicode';
}
