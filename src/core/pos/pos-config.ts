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
  const changes = Object.entries(settings).flatMap(([name, value]) => {
    const attribute = section.attributes.find((each) => each.name === name);
    if (attribute === undefined) {
      added += `${section.attributes.at(-1)?.before ?? ' '}${name}="${escaped(value, '"')}"`;
      return [];
    }
    const { from, to, quote } = attribute;
    return unescaped(file.text.slice(from, to)) === value ? [] : [{ from, to, value: escaped(value, quote) }];
  });
  if (added !== '') changes.push({ from: section.end, to: section.end, value: added });
  // From behind, so that the places in front stay where they are.
  for (const { from, to, value } of changes.sort((one, other) => other.from - one.from))
    text = text.slice(0, from) + value + text.slice(to);
  if (text === file.text) return bytes;
  if (XMLValidator.validate(text) !== true) throw new Error(`The edited ${path} would not be XML any more.`);
  return file.encode(text);
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
  if (section.attributes.some(({ name }) => name === 'configProtectionProvider'))
    throw problem('pos-config-encrypted', `The section ${sectionName} of ${path} is encrypted.`);
  return section;
}

type DecodedFile = { readonly text: string; readonly encode: (text: string) => Uint8Array };

/** By its byte order mark, as .NET reads it; without one it is UTF-8. The mark is kept. */
function decoded(bytes: Uint8Array, path: string): DecodedFile {
  if (bytes.length > mostBytes)
    throw problem(
      'pos-config-too-big',
      `${path} has ${bytes.length} bytes: it is not the configuration of POS.`,
    );
  const [first, second] = bytes;
  const isBigEndian = first === 0xfe && second === 0xff;
  const isWide = isBigEndian || (first === 0xff && second === 0xfe);
  try {
    const encoding = isBigEndian ? 'utf-16be' : isWide ? 'utf-16le' : 'utf-8';
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!isWide) return { text, encode: (edited) => new TextEncoder().encode(edited) };
    return {
      text,
      encode: (edited) => {
        const wide = Buffer.from(edited, 'utf16le');
        return isBigEndian ? wide.swap16() : wide;
      },
    };
  } catch {
    throw problem('pos-config-encoding', `${path} is neither UTF-8 nor UTF-16.`);
  }
}

function problem(code: string, message: string): ExpectedError {
  return refusal(
    code,
    message,
    'Give the path of the POS.exe.config that came with POS (--pos-config FILE), or put it back from a backup.',
  );
}

function escaped(value: string, quote: '"' | "'"): string {
  const text = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return quote === '"' ? text.replaceAll('"', '&quot;') : text.replaceAll("'", '&apos;');
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return entities[name] ?? whole;
  });
}
