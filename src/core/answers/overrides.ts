import { ExpectedError } from '../errors.ts';
import { fieldOf, fields } from '../steps/index.ts';
import type { AnswersDocument, Written } from './document.ts';
import { isGroup } from './known-keys.ts';
import { nearest } from './nearest.ts';

/**
 * The document with `KEY=VALUE` overrides of the command line; an empty VALUE takes the answer away, the last of equal
 * keys counts. Throws ExpectedError `set-refused` (exit usage) for unknown keys and for passwords, which would stand in
 * the list of processes.
 */
export function applyOverrides(document: AnswersDocument, overrides: readonly string[]): AnswersDocument {
  const values = new Map(document.values);
  for (const override of overrides) {
    const [key, value] = split(override);
    if (value.trim() === '') values.delete(key);
    else values.set(key, { value, place: '--set', isEscaped: false } satisfies Written);
  }
  return { ...document, values };
}

function split(override: string): readonly [string, string] {
  const at = override.indexOf('=');
  // Without "=" the text is not repeated: it may be a password with something in front.
  if (at < 0)
    throw refused('--set needs KEY=VALUE.', 'Write for example --set identification.registerId=HOUSTON-2');
  const key = override.slice(0, at).trim();
  if (/password$/i.test(key)) {
    throw refused(
      `--set ${key}: passwords are not given on the command line, where everyone on the computer can read them.`,
      'Write env:NAME, file:PATH, prompt: or stdin: in the answers file.',
    );
  }
  if (fieldOf(key) === undefined) throw refused(`--set ${key}: unknown key.`, hintFor(key));
  return [key, override.slice(at + 1)];
}

function hintFor(key: string): string {
  const known = fields.filter((field) => field.kind !== 'secret').map((field) => field.key);
  if (isGroup(key))
    return `It is a group. Write one of ${known.filter((name) => name.startsWith(`${key}.`)).join(', ')}.`;
  const near =
    nearest(key, known) ?? known.find((name) => name.toLowerCase().endsWith(`.${key.toLowerCase()}`));
  return near === undefined ? `Known keys: ${known.join(', ')}.` : `Did you mean ${near}?`;
}

function refused(message: string, hint: string): ExpectedError {
  return new ExpectedError({ code: 'set-refused', exit: 'usage', message, hint });
}
