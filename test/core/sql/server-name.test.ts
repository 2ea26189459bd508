import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpectedError } from '../../../src/core/errors.ts';
import { parseServerName, serverKey } from '../../../src/core/sql/server-name.ts';

const own = ['REG-07'];

describe('a server name that a technician types', () => {
  it.each([
    ['SRV01', { host: 'SRV01', port: 1433, isLoopback: false }],
    ['  "SRV01"  ', { host: 'SRV01', port: 1433 }],
    ['‘SRV01\\RETAIL’', { host: 'SRV01', instance: 'RETAIL' }],
    ['SRV01\\RETAIL', { host: 'SRV01', instance: 'RETAIL' }],
    ['SRV01 \\ RETAIL', { host: 'SRV01', instance: 'RETAIL' }],
    ['SRV01,1500', { host: 'SRV01', port: 1500 }],
    ['SRV01 , 1500', { host: 'SRV01', port: 1500 }],
    ['tcp:SRV01,1500', { host: 'SRV01', port: 1500 }],
    ['TCP: SRV01', { host: 'SRV01', port: 1433 }],
    ['SRV01\\MSSQLSERVER', { host: 'SRV01', port: 1433, notes: [] }],
    ['SRV01\\mssqlserver,1500', { host: 'SRV01', port: 1500, notes: [] }],
    ['.', { host: 'localhost', port: 1433, isLoopback: true }],
    [
      '.\\SQLEXPRESS',
      { host: 'localhost', instance: 'SQLEXPRESS', isLoopback: true, label: '.\\SQLEXPRESS' },
    ],
    ['(local)', { host: 'localhost', isLoopback: true }],
    ['(LOCAL)\\X', { host: 'localhost', instance: 'X' }],
    ['(.),1500', { host: 'localhost', port: 1500 }],
    ['localhost', { host: 'localhost', isLoopback: true }],
    ['lpc:.\\SQLEXPRESS', { host: 'localhost', instance: 'SQLEXPRESS', isLoopback: true }],
    ['lpc:ANYTHING', { host: 'localhost', isLoopback: true }],
    ['reg-07\\SQLEXPRESS', { host: 'localhost', instance: 'SQLEXPRESS', isLoopback: true }],
    ['127.0.0.1,1500', { host: '127.0.0.1', port: 1500, isLoopback: true }],
    ['192.168.4.10', { host: '192.168.4.10', port: 1433, isLoopback: false }],
    ['srv01.shop.example', { host: 'srv01.shop.example', port: 1433 }],
    ['KASSE-MÜNCHEN', { host: 'KASSE-MÜNCHEN', port: 1433 }],
    ['fe80::1', { host: 'fe80::1', port: 1433 }],
    ['[fe80::1]', { host: 'fe80::1', port: 1433 }],
    ['[fe80::1],1500', { host: 'fe80::1', port: 1500 }],
    ['[::1]\\RETAIL', { host: '::1', instance: 'RETAIL', isLoopback: true }],
  ])('%s', (typed, expected) => {
    const name = parseServerName(typed, own);
    expect({ ...expected, ...name }).toEqual({ ...name, ...expected });
  });

  it('lets the port decide when an instance is given as well, and says so', () => {
    const name = parseServerName('SRV01\\RETAIL,1500', own);
    expect(name).toMatchObject({ host: 'SRV01', port: 1500, instance: 'RETAIL' });
    expect(name.notes.join()).toContain('1500 decides');
  });

  it('reads a colon before the port as a comma, and says so', () => {
    const name = parseServerName('SRV01:1500', own);
    expect(name).toMatchObject({ host: 'SRV01', port: 1500 });
    expect(name.notes.join()).toContain('comma');
  });
});

describe('a server name that cannot be', () => {
  it.each([
    ['', 'Type the name'],
    ['  ""  ', 'Type the name'],
    ['np:SRV01', 'Enable TCP/IP'],
    ['\\\\.\\pipe\\sql\\query', 'Enable TCP/IP'],
    ['\\\\SRV01\\pipe\\MSSQL$X\\sql\\query', 'Enable TCP/IP'],
    ['(localdb)\\MSSQLLocalDB', '.\\SQLEXPRESS'],
    ['admin:SRV01', 'Type SRV01'],
    ['\\\\SRV01\\RETAIL', 'Type SRV01\\RETAIL'],
    ['SRV01/RETAIL', 'Type SRV01\\RETAIL'],
    ['jdbc:sqlserver://SRV01:1433', 'only the name'],
    ['SRV01;Trusted_Connection=yes', 'only the name'],
    ['Data Source=SRV01;Initial Catalog=X', 'only the name'],
    ['SRV01,', 'SRV01,1433'],
    ['SRV01,70000', '65535'],
    ['SRV01,0', '65535'],
    ['SRV01,port', '65535'],
    ['SRV01\\', 'SERVER\\INSTANCE'],
    ['SRV01\\A\\B', 'SERVER\\INSTANCE'],
    ['SRV01,1433,1434', '65535'],
    ['SRV01\\9LIVES', 'begins with a letter'],
    ['SRV01\\ASEVENTEENLETTERS', 'at most 16'],
    ['\\SQLEXPRESS', '.\\SQLEXPRESS'],
    [',1433', '.\\SQLEXPRESS'],
    ['SRV 01', 'no spaces'],
    ['192.168.1', 'four numbers'],
    ['192.168.1.300', 'four numbers'],
    ['[SRV01],1433', 'IPv6'],
  ])('%s is refused with what to type instead', (typed, hint) => {
    let caught: unknown;
    try {
      parseServerName(typed, own);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ExpectedError);
    expect(caught).toMatchObject({
      code: 'server-name',
      exit: 'answers',
      hint: expect.stringContaining(hint),
    });
  });
});

it.each(['Server=SRV01;Password=Canary#71', 'mssql://sa:Canary#71@SRV01/x', 'SRV01;pwd=Canary#71'])(
  'nothing of a connection string is repeated: %#',
  (typed) => {
    expect(() => parseServerName(typed, own)).toThrow(ExpectedError);
    try {
      parseServerName(typed, own);
    } catch (error) {
      expect(inspect(error, { depth: 5 }).replace(/\n\s+at .*/g, '')).not.toContain('Canary');
    }
  },
);

describe('for any text', () => {
  it('a server name is either understood completely or refused as an answer, never anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZ9.\\,:[]()-_"\' /;=tcpnl') }), (text) => {
        try {
          const name = parseServerName(text, own);
          expect(name.host).not.toMatch(/[\s\\,[\]()/]/);
          expect(name.port ?? name.instance).toBeDefined();
          if (name.port !== undefined) expect(name.port).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'server-name' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('a name put together from its parts is taken apart into the same parts', () => {
    const host = fc.stringMatching(/^[a-z][a-z0-9-]{0,14}$/);
    const instance = fc.stringMatching(/^[A-Z_][A-Z0-9_$]{0,15}$/);
    const port = fc.integer({ min: 1, max: 65535 });
    fc.assert(
      fc.property(host, fc.option(instance), fc.option(port), (h, i, p) => {
        fc.pre(h !== 'localhost' && i !== 'MSSQLSERVER');
        const name = parseServerName(`${h}${i === null ? '' : `\\${i}`}${p === null ? '' : `,${p}`}`, []);
        expect(name.host).toBe(h);
        expect(name.instance).toBe(i ?? undefined);
        expect(name.port).toBe(p ?? (i === null ? 1433 : undefined));
      }),
    );
  });
});

describe('the key under which facts about a server are remembered', () => {
  it('is the same for the spellings of one server', () => {
    expect(serverKey(parseServerName('srv01\\retail', own))).toBe(
      serverKey(parseServerName('SRV01\\RETAIL', own)),
    );
    expect(serverKey(parseServerName('tcp:SRV01,1433', own))).toBe(serverKey(parseServerName('srv01', own)));
  });

  it('is the same for the ways to say this computer', () => {
    const keys = ['.', '(local)', 'localhost,1433', '127.0.0.1', '[::1]', 'REG-07'].map((typed) =>
      serverKey(parseServerName(typed, own)),
    );
    expect(new Set(keys)).toEqual(new Set(['localhost,1433']));
  });

  it('goes by the port where one was typed, whatever the instance is called', () => {
    expect(serverKey(parseServerName('SRV01\\A,1500', own))).toBe(
      serverKey(parseServerName('SRV01,1500', own)),
    );
  });

  it('does not hold the port of an instance, which changes at a restart', () => {
    expect(serverKey(parseServerName('SRV01\\RETAIL', own))).toBe('srv01\\RETAIL');
  });
});
