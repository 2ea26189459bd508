import type { LineDialog } from './line-dialog.ts';

/** Said to whoever has typed neither. */
export const neitherYesNorNo = '  ! Type y for yes or n for no.';

/** What was typed, as yes or no; undefined when it is neither. */
export function yesOrNo(typed: string): boolean | undefined {
  if (/^(y|yes|true|on)$/i.test(typed)) return true;
  return /^(n|no|false|off)$/i.test(typed) ? false : undefined;
}

/** Asks until the answer is yes or no; Enter alone is the default. Undefined when there will be no answer. */
export async function askYesNo(
  dialog: LineDialog,
  question: string,
  isYes: boolean,
): Promise<boolean | undefined> {
  for (;;) {
    const reply = (await dialog.ask(`${question} (y/n) [${isYes ? 'y' : 'n'}]: `))?.trim();
    if (reply === undefined) return undefined;
    const answer = reply === '' ? isYes : yesOrNo(reply);
    if (answer !== undefined) return answer;
    dialog.say(neitherYesNorNo);
  }
}
