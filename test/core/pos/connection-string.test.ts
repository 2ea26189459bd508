import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { posConnectionString } from '../../../src/core/pos/connection-string.ts';

const store = { server: 'SRV01\\RETAIL', name: 'AXRETAILPOS' };

describe('the connection string of POS', () => {
  it('signs in by Windows, encrypted, and goes offline after five seconds', () => {
    expect(posConnectionString(store, { encryption: 'verify', hasOfflineDatabase: true })).toBe(
      'Data Source=SRV01\\RETAIL;Initial Catalog=AXRETAILPOS;Integrated Security=True;Persist Security Info=False;Pooling=True;Encrypt=True;TrustServerCertificate=False;Connection Timeout=5',
    );
  });

  it('is patient where there is nothing to go to', () => {
    expect(posConnectionString(store, { encryption: 'verify', hasOfflineDatabase: false })).toMatch(
      /;Connection Timeout=15$/,
    );
  });

  it.each([
    ['verify', 'Encrypt=True;TrustServerCertificate=False'],
    ['trust', 'Encrypt=True;TrustServerCertificate=True'],
    ['legacy', 'Encrypt=True;TrustServerCertificate=True'],
    ['none', 'Encrypt=False;TrustServerCertificate=True'],
  ] as const)('follows the encryption %s of the answers', (encryption, expected) => {
    expect(posConnectionString(store, { encryption, hasOfflineDatabase: true })).toContain(expected);
  });

  it.each([
    ['.\\SQLEXPRESS', '.\\SQLEXPRESS'],
    ['(local)', '(local)'],
    ['SRV01,1500', 'SRV01,1500'],
    ['SRV01\\RETAIL,1500', 'SRV01\\RETAIL,1500'],
    ['"SRV01"', 'SRV01'],
    ['tcp:SRV01,1500', 'SRV01,1500'],
    ['SRV01:1500', 'SRV01,1500'],
    ['[fe80::1]:1500', 'fe80::1,1500'],
    ['[fe80::1],1500', 'fe80::1,1500'],
    ['fe80::1', 'fe80::1'],
  ])('names the server %s as SqlClient reads it', (typed, expected) => {
    const text = posConnectionString(
      { server: typed, name: 'AX' },
      { encryption: 'verify', hasOfflineDatabase: true },
    );
    expect(readBySqlClientsRules(text).get('data source')).toBe(expected);
  });

  it('names no user and no password', () => {
    expect(posConnectionString(store, { encryption: 'none', hasOfflineDatabase: true })).not.toMatch(
      /user|uid|password|pwd/i,
    );
  });

  it('gives back every database name to who reads it by the rules of SqlClient', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (name) => {
        fc.pre(!name.includes('\0'));
        const text = posConnectionString(
          { server: '.', name },
          { encryption: 'verify', hasOfflineDatabase: true },
        );
        expect(readBySqlClientsRules(text).get('initial catalog')).toBe(name);
        expect(readBySqlClientsRules(text).size).toBe(8);
      }),
    );
  });
});

/** Keys and values as the documented grammar has them: quoted values double their quote, others are trimmed. */
function readBySqlClientsRules(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let rest = text;
  while (rest !== '') {
    const found = /^([^=]+)=\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^;]*?))\s*(?:;|$)/.exec(rest);
    if (found === null) throw new Error(`Not a connection string from here: ${rest}`);
    const [whole, key = '', double, single, bare] = found;
    values.set(
      key.trim().toLowerCase(),
      double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? bare ?? '',
    );
    rest = rest.slice(whole.length);
  }
  return values;
}
