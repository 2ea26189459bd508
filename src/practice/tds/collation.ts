/** Collations on the wire: 5 bytes of language, comparison flags, version and sort order ([MS-TDS] 2.2.5.1.2). */

/** Comparison flags of the collation's first four bytes. */
const FLAG = {
  ignoreCase: 1 << 20,
  ignoreAccent: 1 << 21,
  ignoreWidth: 1 << 22,
  ignoreKana: 1 << 23,
  binary: 1 << 24,
  binary2: 1 << 25,
  utf8: 1 << 26,
};

type Language = { readonly lcid: number; readonly encoding: string };

/** Windows collations by the name's first part. Names and languages: learn.microsoft.com, "Collation and Unicode support". */
const LANGUAGES: ReadonlyMap<string, Language> = new Map([
  ['latin1_general', { lcid: 0x0409, encoding: 'windows-1252' }],
  ['sql_latin1_general_cp1', { lcid: 0x0409, encoding: 'windows-1252' }],
  ['french', { lcid: 0x040c, encoding: 'windows-1252' }],
  ['modern_spanish', { lcid: 0x0c0a, encoding: 'windows-1252' }],
  ['danish_norwegian', { lcid: 0x0406, encoding: 'windows-1252' }],
  ['finnish_swedish', { lcid: 0x040b, encoding: 'windows-1252' }],
  ['czech', { lcid: 0x0405, encoding: 'windows-1250' }],
  ['polish', { lcid: 0x0415, encoding: 'windows-1250' }],
  ['hungarian', { lcid: 0x040e, encoding: 'windows-1250' }],
  ['cyrillic_general', { lcid: 0x0419, encoding: 'windows-1251' }],
  ['greek', { lcid: 0x0408, encoding: 'windows-1253' }],
  ['turkish', { lcid: 0x041f, encoding: 'windows-1254' }],
  ['hebrew', { lcid: 0x040d, encoding: 'windows-1255' }],
  ['arabic', { lcid: 0x0401, encoding: 'windows-1256' }],
  ['estonian', { lcid: 0x0425, encoding: 'windows-1257' }],
  ['vietnamese', { lcid: 0x042a, encoding: 'windows-1258' }],
  ['thai', { lcid: 0x041e, encoding: 'windows-874' }],
  ['japanese', { lcid: 0x0411, encoding: 'shift_jis' }],
  ['korean_wansung', { lcid: 0x0412, encoding: 'euc-kr' }],
  ['chinese_prc', { lcid: 0x0804, encoding: 'gbk' }],
  ['chinese_taiwan_stroke', { lcid: 0x0404, encoding: 'big5' }],
]);

const ENCODING_BY_LCID: ReadonlyMap<number, string> = new Map(
  [...LANGUAGES.values()].map(({ lcid, encoding }) => [lcid, encoding]),
);

export const SERVER_COLLATION = 'SQL_Latin1_General_CP1_CI_AS';

export type WireCollation = {
  readonly bytes: Buffer;
  /** A label that TextDecoder knows. */
  readonly encoding: string;
};

/**
 * The five bytes of a collation by its name. A name whose language is not in the list above travels as the server's
 * collation: client and server then agree on code page 1252, and only the label differs.
 */
export function wireCollation(name: string): WireCollation {
  const found = cache.get(name);
  if (found) return found;
  const folded = name.toLowerCase();
  const prefix = [...LANGUAGES.keys()]
    .filter((key) => folded.startsWith(key))
    .sort((a, b) => b.length - a.length)[0];
  const language = prefix === undefined ? undefined : LANGUAGES.get(prefix);
  const made =
    language && prefix !== undefined ? compose(folded, prefix, language) : wireCollation(SERVER_COLLATION);
  cache.set(name, made);
  return made;
}

const cache = new Map<string, WireCollation>();

function compose(folded: string, prefix: string, language: Language): WireCollation {
  const parts = folded.slice(prefix.length).split('_');
  const isUtf8 = parts.includes('utf8');
  let flags = 0;
  if (parts.includes('bin2')) flags |= FLAG.binary2;
  else if (parts.includes('bin')) flags |= FLAG.binary;
  else {
    if (!parts.includes('cs')) flags |= FLAG.ignoreCase;
    if (!parts.includes('as')) flags |= FLAG.ignoreAccent;
    if (!parts.includes('ws')) flags |= FLAG.ignoreWidth;
    if (!parts.includes('ks')) flags |= FLAG.ignoreKana;
  }
  if (isUtf8) flags |= FLAG.utf8;
  const version = parts.includes('100') || parts.includes('140') ? 2 : parts.includes('90') ? 1 : 0;
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32LE((language.lcid | flags | (version << 28)) >>> 0, 0);
  // Sort orders 51 (case-sensitive) and 52 (insensitive) are those of the SQL_Latin1_General_CP1 collations.
  if (prefix === 'sql_latin1_general_cp1') bytes[4] = parts.includes('cs') ? 51 : 52;
  return { bytes, encoding: isUtf8 ? 'utf-8' : language.encoding };
}

/** The encoding of char, varchar and text under the five bytes that a client sent; all zero stands for the server's own. */
export function encodingOf(bytes: Buffer): string {
  const word = bytes.readUInt32LE(0);
  if (word & FLAG.utf8) return 'utf-8';
  return ENCODING_BY_LCID.get(word & 0xffff) ?? 'windows-1252';
}
