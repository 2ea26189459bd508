import { type FeatureGroup, featureList, type Treatment } from './feature-list.ts';

const headings: Readonly<Record<Treatment, string>> = {
  executed: 'Executed',
  recorded: 'Taken and recorded, without effect',
  refused: 'Refused by name',
};
const treatments: readonly Treatment[] = ['executed', 'recorded', 'refused'];

const groupsOf = (treatment: Treatment): readonly FeatureGroup[] =>
  featureList().filter((group) => group.treatment === treatment);

/** `storedb practice --features`: the list as plain lines, at most 100 characters wide where names allow it. */
export function featuresAsText(): string {
  const lines: string[] = [];
  for (const treatment of treatments) {
    lines.push(headings[treatment].toUpperCase(), '');
    for (const { title, names } of groupsOf(treatment)) {
      lines.push(`${title}:`, ...wrapped(names).map((line) => `  ${line}`), '');
    }
  }
  return lines.join('\n');
}

/** docs/practice-server.md. */
export function featuresAsPage(): string {
  const parts = [
    '# The practice server',
    [
      'It is not SQL Server. It keeps databases in memory (or in a file, with `storedb practice --data FILE`), listens',
      'on this computer only, and runs the part of T-SQL that is listed here. What it does not know it refuses with an',
      'error of its own: number 50100 or higher, text beginning "Practice server:" and the name of the feature. It',
      'never skips a statement silently.',
    ].join('\n'),
    [
      '`storedb practice --data FILE` keeps the databases: all that was committed, at most a second behind while it runs',
      'and exactly at its end. Tables, rows, modules, users, permissions and options come back at the next start; tempdb,',
      'sessions and locks do not. One server at a time may have the file. Of passwords only salted hashes are kept (as',
      'SQL Server has them). The administrator `sa` gets the password that the environment variable',
      'STOREDB_PRACTICE_PASSWORD says, and without it a new one that is printed at every start: so there is always a way in.',
    ].join('\n'),
    [
      'Locks are on rows, keys and tables. A serializable lookup by all columns of an index keeps that key from others,',
      'whether or not there is a row under it; any other serializable reading keeps the table. SQL Server keeps the gap up to',
      'the next key: there a neighbour may wait where none does here, and a scan of a part keeps less than the table.',
    ].join('\n'),
    'This page is made by `npm run assets` from the registers in src/practice.',
  ];
  for (const treatment of treatments) {
    parts.push(`## ${headings[treatment]}`);
    for (const { title, names } of groupsOf(treatment)) parts.push(`### ${title}`, listOf(names));
  }
  return `${parts.join('\n\n')}\n`;
}

/** Short names in one paragraph, phrases as a list. */
function listOf(names: readonly string[]): string {
  const arePhrases = names.some((name) => name.includes(' ') || name.includes('*'));
  if (arePhrases) return names.map((name) => `- ${name.replaceAll('*', '\\*')}`).join('\n');
  return wrapped(names.map((name) => `\`${name}\``)).join('\n');
}

function wrapped(names: readonly string[]): readonly string[] {
  if (names.some((name) => name.includes(', '))) return names;
  const lines: string[] = [];
  let line = '';
  for (const [index, name] of names.entries()) {
    const piece = index === names.length - 1 ? name : `${name},`;
    if (line !== '' && line.length + 1 + piece.length > 98) {
      lines.push(line);
      line = piece;
    } else line = line === '' ? piece : `${line} ${piece}`;
  }
  return line === '' ? lines : [...lines, line];
}
