import { isNode, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { ExpectedError } from '../../errors.ts';
import type { OfflineProfile } from './profile.ts';

const text = (what: string, limit: number) =>
  z
    .string(`${what} is text.`)
    .trim()
    .min(1, `${what} is empty.`)
    .max(limit, `${what} is too long: write at most ${limit} characters.`);

const scope = z.strictObject({
  name: text('The name of the scope', 256),
  direction: z.enum(['download', 'upload', 'bidirectional'], {
    error: 'Write download, upload or bidirectional.',
  }),
  frequencySeconds: z.coerce
    .number('Write the pause between two runs in seconds.')
    .int('Write whole seconds.')
    .min(0, 'Write 0 or more seconds.')
    .max(86_400, 'Write at most 86400 seconds, a day.')
    .default(0),
  // RETAILOFFLINETABLE.TABLENAME is nvarchar(50).
  tables: z.array(text('The name of a table', 50)).min(1, 'A scope has at least one table.'),
});

/** Lengths as the tables of head office have them (RETAILOFFLINEPROFILE, RETAILOFFLINESCOPE); names: see `storedName`. */
const profileFile = z.strictObject({
  version: z.coerce.number().pipe(z.literal(1, 'This storedb knows version 1 only.')),
  name: text('The name of the profile', 60),
  description: text('The description', 256).optional(),
  extends: text('The name of the profile to extend', 60).optional(),
  scopes: z.array(scope).min(1, 'A profile has at least one scope.'),
});

/**
 * The profile of a YAML text. `known` are the profiles that it may extend: it takes their scopes, replaces those of the
 * same name and adds its own behind them. Throws ExpectedError `profile-invalid` (exit `answers`) with every problem as
 * `FILE:LINE: what is wrong`.
 */
export function parseProfile(
  source: string,
  fileName: string,
  known: readonly OfflineProfile[] = [],
): OfflineProfile {
  const counter = new LineCounter();
  // failsafe: a scope called "no" is not false, and a table called 0012 not 12.
  const document = parseDocument(source, { schema: 'failsafe', lineCounter: counter, prettyErrors: false });
  const lineOf = (offset: number) => counter.linePos(offset).line;
  if (document.errors.length > 0)
    throw invalid(
      document.errors.map(({ pos, message }) => `${fileName}:${lineOf(pos[0])}: ${message}`),
      fileName,
    );
  const lineAt = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return lineOf(node.range[0]);
    }
    return 1;
  };
  const parsed = profileFile.safeParse(document.toJS());
  if (!parsed.success)
    throw invalid(
      parsed.error.issues.map(({ path, message }) => `${fileName}:${lineAt(path)}: ${message}`),
      fileName,
    );
  const { name, description, scopes } = parsed.data;
  const base = known.find((each) => same(each.name, parsed.data.extends ?? ''));
  if (parsed.data.extends !== undefined && base === undefined)
    throw invalid(
      [`${fileName}:${lineAt(['extends'])}: There is no profile ${parsed.data.extends} to extend.`],
      fileName,
    );
  const kept = base?.scopes.filter((each) => !scopes.some((own) => same(own.name, each.name))) ?? [];
  return { name, description: description ?? name, scopes: [...kept, ...scopes] };
}

const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

function invalid(lines: readonly string[], fileName: string): ExpectedError {
  return new ExpectedError({
    code: 'profile-invalid',
    exit: 'answers',
    message: lines.join('\n'),
    hint: 'Correct the file and run the command again.',
    details: { file: fileName, problems: lines.length },
  });
}
