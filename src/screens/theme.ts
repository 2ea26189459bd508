import type { TextProps } from 'ink';

/** What a piece of text means; the theme says how it looks. Nothing is told by colour alone. */
export type Meaning = 'plain' | 'title' | 'quiet' | 'focused' | 'good' | 'warning' | 'bad' | 'key' | 'banner';

type Look = Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse'>;

/** Only the eight colours that every console has; dim text is left out because some consoles show it as black. */
export const looks: Readonly<Record<Meaning, Look>> = {
  plain: {},
  title: { bold: true },
  quiet: {},
  focused: { color: 'cyan', bold: true },
  good: { color: 'green' },
  warning: { color: 'yellow' },
  bad: { color: 'red' },
  key: { bold: true },
  banner: { color: 'yellow', bold: true },
};
