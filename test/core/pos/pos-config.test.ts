import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpectedError } from '../../../src/core/errors.ts';
import { editPosConfig, type PosSettings, readPosSettings } from '../../../src/core/pos/pos-config.ts';

const path = 'POS.exe.config';
const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

const settings: PosSettings = {
  StoreDatabaseConnectionString: 'Data Source=SRV01\\RETAIL;Initial Catalog="a;b"',
  OfflineDatabaseConnectionString: '',
  StoreId: 'HOUSTON',
  TerminalId: 'HOUSTON-1',
  DATAAREAID: 'usrt',
};

/** As POS brings it, with what technicians and partners have put in. */
const shipped = [
  '\uFEFF<?xml version="1.0" encoding="utf-8"?>',
  '<configuration>',
  '  <configSections>',
  '    <section name="AxRetailPOS" type="LSRetailPosis.Settings.AxRetailPOSConfig, PosProcesses" />',
  '  </configSections>',
  '  <!-- <AxRetailPOS StoreId="OLD" TerminalId="1" /> was used until 2012 -->',
  '  <AxRetailPOS',
  '    StoreId=\'0001\'  DATAAREAID = "dat"',
  '\tStoreDatabaseConnectionString="Data Source=.;Initial Catalog=Old &amp; gone"',
  '    OfflineDatabaseConnectionString="Data Source=.\\SQLEXPRESS" TerminalId="0001-1" Custom="a>b">',
  '  </AxRetailPOS>',
  '  <appSettings><add key="x" value="<![CDATA[" /></appSettings>'.replace('<![CDATA[', '&lt;![CDATA['),
  '  <notes><![CDATA[ <AxRetailPOS StoreId="X"/> ]]></notes>',
  '</configuration>',
  '',
].join('\r\n');

function refusalOf(work: () => unknown): ExpectedError {
  try {
    work();
  } catch (error) {
    if (error instanceof ExpectedError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('the configuration of POS', () => {
  it('gets other values, and every other byte stays', () => {
    const edited = textOf(editPosConfig(bytesOf(shipped), settings, path));
    const expected = shipped
      .replace("StoreId='0001'", "StoreId='HOUSTON'")
      .replace('DATAAREAID = "dat"', 'DATAAREAID = "usrt"')
      .replace(
        'Data Source=.;Initial Catalog=Old &amp; gone',
        'Data Source=SRV01\\RETAIL;Initial Catalog=&quot;a;b&quot;',
      )
      .replace('"Data Source=.\\SQLEXPRESS"', '""')
      .replace('TerminalId="0001-1"', 'TerminalId="HOUSTON-1"');
    expect(edited).toBe(expected);
  });

  it('is the very same file when it says so already', () => {
    const once = editPosConfig(bytesOf(shipped), settings, path);
    expect(editPosConfig(once, settings, path)).toBe(once);
  });

  it('gets missing attributes in the way the others stand', () => {
    const few = '<configuration>\n  <AxRetailPOS\n    StoreId="1"/>\n</configuration>';
    expect(textOf(editPosConfig(bytesOf(few), settings, path))).toBe(
      [
        '<configuration>',
        '  <AxRetailPOS',
        '    StoreId="HOUSTON"',
        '    StoreDatabaseConnectionString="Data Source=SRV01\\RETAIL;Initial Catalog=&quot;a;b&quot;"',
        '    OfflineDatabaseConnectionString=""',
        '    TerminalId="HOUSTON-1"',
        '    DATAAREAID="usrt"/>',
        '</configuration>',
      ].join('\n'),
    );
    const none = '<configuration><AxRetailPOS></AxRetailPOS></configuration>';
    expect(readPosSettings(editPosConfig(bytesOf(none), settings, path), path)).toEqual(settings);
  });

  it.each([
    ['UTF-16, low byte first', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16, high byte first', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('stays in its encoding: %s', (_name, encode) => {
    const wide = (store: string) =>
      `<?xml version="1.0" encoding="utf-16"?><configuration><AxRetailPOS StoreDatabaseConnectionString="" OfflineDatabaseConnectionString="" StoreId="${store}" TerminalId="" DATAAREAID=""/><x y="é"/></configuration>`;
    const values = { ...settings, StoreDatabaseConnectionString: '', TerminalId: '', DATAAREAID: '' };
    expect(
      Buffer.from(editPosConfig(encode(wide('A')), { ...values, StoreId: 'KØBENHAVN' }, path)).equals(
        encode(wide('KØBENHAVN')),
      ),
    ).toBe(true);
  });

  it('writes what its code page may lack as character references, and keeps the bytes of that code page', () => {
    const before = Buffer.from(
      '<?xml version="1.0" encoding="windows-1252"?><configuration><!-- Caf\xe9 --><AxRetailPOS StoreId="1"/></configuration>',
      'latin1',
    );
    const values = { ...settings, StoreId: 'Łódź' };
    const edited = editPosConfig(before, values, path);
    expect(Buffer.from(edited).toString('latin1')).toContain('Caf\xe9');
    expect(Buffer.from(edited).toString('latin1')).toContain('StoreId="&#x141;&#xf3;d&#x17a;"');
    expect(editPosConfig(edited, values, path)).toBe(edited);
  });

  it.each([
    ['<configuration><AxRetailPOS StoreId="1"></configuration>', 'pos-config-not-xml'],
    ['Data Source=.', 'pos-config-not-xml'],
    ['<configuration><AxRetailPOS StoreId="1" StoreId="2"/></configuration>', 'pos-config-not-xml'],
    ['<configuration><!-- <AxRetailPOS/> --></configuration>', 'pos-config-no-section'],
    ['<configuration xmlns:a="x"><a:AxRetailPOS/></configuration>', 'pos-config-no-section'],
    ['<configuration><AxRetailPOS/><AxRetailPOS/></configuration>', 'pos-config-two-sections'],
    [
      '<configuration><AxRetailPOS configProtectionProvider="DataProtectionConfigurationProvider"><EncryptedData/></AxRetailPOS></configuration>',
      'pos-config-encrypted',
    ],
    ['<configuration><AxRetailPOS configSource="pos.config"/></configuration>', 'pos-config-elsewhere'],
    ['<?xml version="1.0" encoding="shift_jis"?><configuration/>', 'pos-config-encoding'],
    ['<configuration>\0</configuration>', 'pos-config-encoding'],
  ])('is refused when it is not one that can be edited: %s', (text, code) => {
    const error = refusalOf(() => editPosConfig(bytesOf(text), settings, path));
    expect(error).toMatchObject({ code, exit: 'prerequisite' });
    expect(error.message).toContain(path);
    expect(error.hint).not.toBe('');
  });

  it('is refused when it is neither UTF-8 nor of a size that a configuration has', () => {
    const broken = Buffer.from('<configuration><AxRetailPOS StoreId="\xe9"/></configuration>', 'latin1');
    expect(refusalOf(() => editPosConfig(broken, settings, path)).code).toBe('pos-config-encoding');
    const huge = Buffer.alloc(5 * 1024 * 1024, ' ');
    expect(refusalOf(() => editPosConfig(huge, settings, path)).code).toBe('pos-config-too-big');
  });

  it('keeps references that mean no character as they stand', () => {
    const odd = '<configuration><AxRetailPOS StoreId="&#x110000;&#99999999;"/></configuration>';
    expect(readPosSettings(bytesOf(odd), path).StoreId).toBe('&#x110000;&#99999999;');
  });
});

const blank = fc.stringMatching(/^[ \t\r\n]{1,3}$/);
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,6}$/);
/** Text that can stand anywhere in a document. */
const plain = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => text.replace(/[<>&"'\-\]?\p{Cc}]/gu, ''));
const lure = fc.constantFrom(
  '<AxRetailPOS StoreId="lure"/>',
  'StoreId="lure"',
  '</configuration>',
  '<a b="c>',
  '',
);
const beside = fc.oneof(
  fc.tuple(plain, lure).map(([text, more]) => `<!--${text}${more}-->`),
  fc.tuple(plain, lure).map(([text, more]) => `<x><![CDATA[${text}${more}]]></x>`),
  fc.tuple(word, blank, word, plain).map(([tag, gap, name, text]) => `<${tag}${gap}${name}='${text}>"'/>`),
  fc.tuple(word, plain).map(([tag, text]) => `<${tag}>${text}&lt;AxRetailPOS&gt;</${tag}>`),
  blank,
);
const value = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/\0/g, ''));
const anySettings = fc.record({
  StoreDatabaseConnectionString: value,
  OfflineDatabaseConnectionString: value,
  StoreId: value,
  TerminalId: value,
  DATAAREAID: value,
});
const names = Object.keys(settings);

/** The configuration in pieces, so that the test knows where the values stand: odd places are values. */
const anyConfig = fc
  .record({
    mark: fc.constantFrom('', '\uFEFF'),
    before: fc.array(beside, { maxLength: 4 }),
    after: fc.array(beside, { maxLength: 4 }),
    attributes: fc.shuffledSubarray(names, { minLength: 5 }),
    gaps: fc.array(blank, { minLength: 5, maxLength: 5 }),
    quotes: fc.array(fc.constantFrom('"', "'"), { minLength: 5, maxLength: 5 }),
    others: fc.uniqueArray(word, { minLength: 5, maxLength: 5 }),
    end: fc.constantFrom('/>', ' />', '></AxRetailPOS>', '>\r\n</AxRetailPOS>'),
  })
  .map(({ mark, before, after, attributes, gaps, quotes, others, end }) => {
    const pieces = [`${mark}<configuration>${before.join('')}<AxRetailPOS`];
    attributes.forEach((name, at) => {
      const quote = quotes[at] ?? '"';
      pieces[pieces.length - 1] +=
        `${gaps[at]}o${others[at]}="1"${gaps[at]}${name}${at % 2 ? ' = ' : '='}${quote}`;
      pieces.push('', quote);
    });
    pieces[pieces.length - 1] += `${end}${after.join('')}</configuration>`;
    return pieces;
  });

describe('any configuration of POS', () => {
  it('keeps everything but the five values, says what was wanted, and is not changed a second time', () => {
    fc.assert(
      fc.property(anyConfig, anySettings, (pieces, wanted) => {
        const edited = editPosConfig(bytesOf(pieces.join('')), wanted, path);
        expect(readPosSettings(edited, path)).toEqual(wanted);
        expect(editPosConfig(edited, wanted, path)).toBe(edited);
        let rest = textOf(edited);
        pieces.forEach((piece, at) => {
          if (at % 2 === 1) return;
          const found = at === 0 ? (rest.startsWith(piece) ? 0 : -1) : rest.indexOf(piece);
          expect(found).not.toBe(-1);
          rest = rest.slice(found + piece.length);
        });
        expect(rest).toBe('');
      }),
    );
  });
});
