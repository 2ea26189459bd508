import { XMLValidator } from 'fast-xml-parser';
import type { ExpectedError } from '../errors.ts';
import { refusal } from '../plan/refusal.ts';
import { type StartTag, startTags } from './xml-tags.ts';

/** The attributes of the section AxRetailPOS that lead POS to its databases. */
export type PosSettings = {
  readonly StoreDatabaseConnectionString: string;
  /** '' where there is no offline database. */
  readonly OfflineDatabaseConnectionString: string;
  readonly StoreId: string;
  readonly TerminalId: string;
  readonly DATAAREAID: string;
};

const settingNames = [
  'StoreDatabaseConnectionString',
  'OfflineDatabaseConnectionString',
  'StoreId',
  'TerminalId',
  'DATAAREAID',
] as const satisfies readonly (keyof PosSettings)[];

const sectionName = 'AxRetailPOS';
/** A POS.exe.config has a few kilobytes; what is far bigger is something else. */
const mostBytes = 4 * 1024 * 1024;

/**
 * The bytes of the file with other settings; everything but these attribute values stays byte for byte what it was:
 * comments, unknown sections, line ends, byte order mark. An attribute that is missing is added behind the others.
 * Throws ExpectedError (exit `prerequisite`) for what is not such a file.
 */
export function editPosConfig(bytes: Uint8Array, settings: PosSettings, path: string): Uint8Array {
  const file = decoded(bytes, path);
  const section = findSection(file.text, path);
  let text = file.text;
  let added = '';
  const changes = settingNames.flatMap((name) => {
    const value = settings[name];
    const attribute = section.attributes.find((each) => each.name === name);
    if (attribute === undefined) {
      added += `${section.attributes.at(-1)?.before ?? ' '}${name}="${escaped(value, '"', file.isAsciiOnly)}"`;
      return [];
    }
    const { from, to, quote } = attribute;
    return unescaped(file.text.slice(from, to)) === value
      ? []
      : [{ from, to, value: escaped(value, quote, file.isAsciiOnly) }];
  });
  if (added !== '') changes.push({ from: section.end, to: section.end, value: added });
  // From behind, so that the places in front stay where they are.
  for (const { from, to, value } of changes.sort((one, other) => other.from - one.from))
    text = text.slice(0, from) + value + text.slice(to);
  if (text === file.text) return bytes;
  const edited = file.encode(text);
  // The last look before a register depends on it: still XML, and it says what was wanted.
  const says = readPosSettings(edited, path);
  const wrong = settingNames.find((name) => says[name] !== settings[name]);
  if (wrong !== undefined) throw new Error(`The edited ${path} would not say the ${wrong} that was wanted.`);
  return edited;
}

/** What the file says now; a setting that is missing is ''. Throws as `editPosConfig` does. */
export function readPosSettings(bytes: Uint8Array, path: string): PosSettings {
  const { text } = decoded(bytes, path);
  const section = findSection(text, path);
  const value = (name: string) => {
    const attribute = section.attributes.find((each) => each.name === name);
    return attribute === undefined ? '' : unescaped(text.slice(attribute.from, attribute.to));
  };
  return {
    StoreDatabaseConnectionString: value('StoreDatabaseConnectionString'),
    OfflineDatabaseConnectionString: value('OfflineDatabaseConnectionString'),
    StoreId: value('StoreId'),
    TerminalId: value('TerminalId'),
    DATAAREAID: value('DATAAREAID'),
  };
}

function findSection(text: string, path: string): StartTag {
  const valid = XMLValidator.validate(text);
  if (valid !== true)
    throw problem(
      'pos-config-not-xml',
      `${path}:${valid.err.line}: this is not well-formed XML: ${valid.err.msg}`,
    );
  const [section, second] = [...startTags(text)].filter(({ name }) => name === sectionName);
  if (section === undefined)
    throw problem(
      'pos-config-no-section',
      `${path} has no section ${sectionName}: it is not the configuration of POS.`,
    );
  if (second !== undefined)
    throw problem('pos-config-two-sections', `${path} has more than one section ${sectionName}.`);
  const has = (wanted: string) => section.attributes.some(({ name }) => name === wanted);
  if (has('configProtectionProvider'))
    throw problem('pos-config-encrypted', `The section ${sectionName} of ${path} is encrypted.`);
  // .NET takes the whole section from that file then, and refuses attributes beside configSource.
  if (has('configSource'))
    throw problem('pos-config-elsewhere', `${path} keeps its section ${sectionName} in another file.`);
  return section;
}

type DecodedFile = {
  readonly text: string;
  readonly encode: (text: string) => Uint8Array;
  /** What is not ASCII has to be written as a character reference. */
  readonly isAsciiOnly: boolean;
};

/** One byte for each character, and the ASCII ones where ASCII has them. */
const singleByte = /^(?:us-ascii|iso-8859-\d+|windows-(?:125\d|874))$/i;

/** By its byte order mark, then its declaration, as XML has it; without either it is UTF-8. The mark is kept. */
function decoded(bytes: Uint8Array, path: string): DecodedFile {
  if (bytes.length > mostBytes)
    throw problem(
      'pos-config-too-big',
      `${path} has ${bytes.length} bytes: it is not the configuration of POS.`,
    );
  const [first, second] = bytes;
  const isBigEndian = first === 0xfe && second === 0xff;
  const isWide = isBigEndian || (first === 0xff && second === 0xfe);
  if (isWide) {
    const encoding = isBigEndian ? 'utf-16be' : 'utf-16le';
    const encode = (edited: string) => {
      const wide = Buffer.from(edited, 'utf16le');
      return isBigEndian ? wide.swap16() : wide;
    };
    return { text: textOf(bytes, encoding, path), encode, isAsciiOnly: false };
  }
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']/.exec(start)?.[1];
  if (declared !== undefined && singleByte.test(declared))
    return {
      text: Buffer.from(bytes).toString('latin1'),
      encode: (edited) => Buffer.from(edited, 'latin1'),
      isAsciiOnly: true,
    };
  if (declared !== undefined && !/^utf-?8$/i.test(declared))
    throw problem(
      'pos-config-encoding',
      `${path} is written in the encoding ${declared}, which is not supported.`,
    );
  const encode = (edited: string) => new TextEncoder().encode(edited);
  return { text: textOf(bytes, 'utf-8', path), encode, isAsciiOnly: false };
}

function textOf(bytes: Uint8Array, encoding: string, path: string): string {
  let text: string | undefined;
  try {
    text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Told below, with what has NULs.
  }
  if (text === undefined || text.includes('\0'))
    throw problem('pos-config-encoding', `${path} is neither UTF-8 nor UTF-16 with its mark.`);
  return text;
}

function problem(code: string, message: string): ExpectedError {
  return refusal(
    code,
    message,
    'Give the path of the POS.exe.config that came with POS (--pos-config FILE), or put it back from a backup.',
  );
}

function escaped(value: string, quote: '"' | "'", isAsciiOnly: boolean): string {
  const reference = (character: string) => `&#x${(character.codePointAt(0) ?? 0).toString(16)};`;
  const text = value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(quote, quote === '"' ? '&quot;' : '&apos;')
    // Written plainly, a parser makes a blank of each of them.
    .replace(/[\t\n\r]/g, reference);
  return isAsciiOnly ? text.replace(/[^\0-\x7f]/gu, reference) : text;
}

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const lastCharacter = 0x10ffff;

function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities.get(name) ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > lastCharacter ? whole : String.fromCodePoint(code);
  });
}
