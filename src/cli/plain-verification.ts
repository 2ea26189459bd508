import type { Draft } from '../core/steps/index.ts';
import { verify } from '../core/verify/verify.ts';
import { answersOf, type Plain, sayFailure } from './plain-page.ts';
import { setUp } from './set-up.ts';
import { verifyLines } from './verify.ts';

/** Looks whether the set-up of the answers works, and says what it finds. */
export async function sayVerification(plain: Plain, draft: Draft): Promise<void> {
  const { dialog, stop } = plain;
  try {
    const used = answersOf(plain, draft);
    const input = await setUp(used.answers, used.secrets, used.pins);
    for await (const event of verify(input, stop.signal))
      for (const text of verifyLines(event)) dialog.say(text);
  } catch (error) {
    sayFailure(dialog, error);
  }
}
