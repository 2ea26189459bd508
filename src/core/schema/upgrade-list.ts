import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { badPack } from './problems.ts';
import { compareVersions, isVersion } from './version.ts';

/** A row of the list: which script brings the database to which version. */
export type UpgradeRow = { readonly version: string; readonly script: string };

/** The name of the list in every pack. */
export const listName = 'POSISUPGRADES.xml';

/** What the parser yields for an element with `preserveOrder`: `{ NAME: children }` or `{ '#text': text }`. */
type Node = Readonly<Record<string, unknown>>;

/**
 * The rows of a POSISUPGRADES.xml, oldest version first and within a version in the order of the file. Any element
 * that holds both UPGRADEVERSION and UPGRADESCRIPT is a row, whatever it is called: the files of the field come from
 * several tools. Script names are turned to forward slashes and checked to stay inside the folder.
 *
 * Throws ExpectedError (exit `answers`, code `schema-pack`) for text that is no XML, for a DTD or entity declarations
 * (which can pull in other files), and for bad, missing or repeated values.
 */
export function parseUpgradeList(text: string, file: string): readonly UpgradeRow[] {
  const declaration = /<!(DOCTYPE|ENTITY)/i.exec(withoutComments(text));
  if (declaration !== null)
    throw badPack(
      `${file}:${lineOf(text, declaration[0])}: a DTD or entity stands in the list.`,
      'Remove the DOCTYPE; the list needs none.',
    );
  const validity = XMLValidator.validate(text);
  if (validity !== true)
    throw badPack(`${file}:${validity.err.line}: ${validity.err.msg}`, 'Correct the XML.');
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    removeNSPrefix: true,
    transformTagName: (name) => name.toUpperCase(),
  });
  const rows = [...rowsIn(parser.parse(text) as readonly Node[])].map((row) => checkedRow(row, text, file));
  if (rows.length === 0)
    throw badPack(`${file}: no element holds UPGRADEVERSION and UPGRADESCRIPT.`, 'List at least one script.');
  refuseRepeated(rows, text, file);
  // Array.prototype.sort is stable: within a version the order of the file stays.
  return rows.sort((a, b) => compareVersions(a.version, b.version));
}

function* rowsIn(
  nodes: readonly Node[],
): Generator<{ version: string | undefined; script: string | undefined }> {
  const version = textOf(nodes, 'UPGRADEVERSION');
  const script = textOf(nodes, 'UPGRADESCRIPT');
  if (version !== undefined || script !== undefined) yield { version, script };
  for (const node of nodes) {
    for (const children of Object.values(node))
      if (Array.isArray(children)) yield* rowsIn(children as readonly Node[]);
  }
}

function textOf(nodes: readonly Node[], name: string): string | undefined {
  const element = nodes.find((node) => Array.isArray(node[name]));
  if (element === undefined) return undefined;
  return (element[name] as readonly Node[])
    .map((child) => (typeof child['#text'] === 'string' ? child['#text'] : ''))
    .join('')
    .trim();
}

function checkedRow(
  row: { version: string | undefined; script: string | undefined },
  text: string,
  file: string,
): UpgradeRow {
  const where = `${file}:${lineOf(text, row.script || row.version || '')}`;
  if (row.version === undefined || row.version === '')
    throw badPack(
      `${where}: the script "${row.script}" has no UPGRADEVERSION.`,
      'Write the version that it leads to.',
    );
  if (row.script === undefined || row.script === '')
    throw badPack(`${where}: version ${row.version} has no UPGRADESCRIPT.`, 'Write the name of the script.');
  if (!isVersion(row.version))
    throw badPack(`${where}: "${row.version}" is not a version.`, 'A version is written like 6.2.1.0.');
  return { version: row.version, script: pathInside(row.script, where) };
}

/** A listed name as a path inside the pack; the folder of a customer may not reach into the rest of the disk. */
function pathInside(name: string, where: string): string {
  const path = name.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  const parts = path.split('/');
  if (
    path.startsWith('/') ||
    /^[a-z]:/i.test(path) ||
    parts.some((part) => part === '..' || part === '.' || part === '')
  ) {
    throw badPack(
      `${where}: the script "${name}" lies outside the folder.`,
      'Put the script into the folder and name it relative to it.',
    );
  }
  if (path.length > 200 || /[\x00-\x1f]/.test(path))
    throw badPack(
      `${where}: the name of the script cannot be used.`,
      'Use a plain file name of at most 200 characters.',
    );
  return path;
}

function refuseRepeated(rows: readonly UpgradeRow[], text: string, file: string): void {
  const seen = new Set<string>();
  for (const { script } of rows) {
    const folded = script.toLowerCase();
    if (seen.has(folded))
      throw badPack(
        `${file}:${lineOf(text, script)}: the script "${script}" is listed twice.`,
        'A script runs once: remove one of the rows.',
      );
    seen.add(folded);
  }
}

function withoutComments(text: string): string {
  return text.replace(/<!--[\s\S]*?-->/g, '');
}

function lineOf(text: string, part: string): number {
  const position = part === '' ? -1 : text.indexOf(part);
  return position === -1 ? 1 : text.slice(0, position).split('\n').length;
}
