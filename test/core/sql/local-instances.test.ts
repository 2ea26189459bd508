import { describe, expect, it } from 'vitest';
import { findLocalInstances, type LocalInstancePorts } from '../../../src/core/sql/local-instances.ts';

const names = `\r
HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Microsoft SQL Server\\Instance Names\\SQL\r
    SQLEXPRESS    REG_SZ    MSSQL15.SQLEXPRESS\r
    MSSQLSERVER    REG_SZ    MSSQL10_50.MSSQLSERVER\r
\r
`;

function tcp(id: string, enabled: string, port: string, dynamic: string): string {
  const key = `HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Microsoft SQL Server\\${id}\\MSSQLServer\\SuperSocketNetLib\\Tcp`;
  return `\r
${key}\r
    Enabled    REG_DWORD    ${enabled}\r
    ListenOnAllIPs    REG_DWORD    0x1\r
\r
${key}\\IP1\r
    Enabled    REG_DWORD    0x0\r
    TcpPort    REG_SZ    9999\r
\r
${key}\\IPAll\r
    TcpPort    REG_SZ    ${port}\r
    TcpDynamicPorts    REG_SZ    ${dynamic}\r
\r
`;
}

function ports(more: Partial<LocalInstancePorts>): LocalInstancePorts {
  return {
    platform: 'linux',
    readRegistry: async () => {
      throw new Error('no registry');
    },
    askBrowser: async () => undefined,
    isListening: async () => false,
    ...more,
  };
}

describe('the SQL Servers of this computer', () => {
  it('come from the registry on Windows, with their ports and whether TCP/IP is on', async () => {
    const readRegistry = async (key: string) => {
      if (key.endsWith('Instance Names\\SQL')) return names;
      return key.includes('SQLEXPRESS')
        ? tcp('MSSQL15.SQLEXPRESS', '0x1', '', '49172')
        : tcp('MSSQL10_50.MSSQLSERVER', '0x0', '1433', '');
    };
    expect(await findLocalInstances(ports({ platform: 'win32', readRegistry }))).toEqual([
      { server: '.', isTcpEnabled: false, port: 1433 },
      { server: '.\\SQLEXPRESS', isTcpEnabled: true, port: 49172 },
    ]);
  });

  it('are still named when their network settings cannot be read', async () => {
    const readRegistry = async (key: string) => {
      if (key.endsWith('Instance Names\\SQL')) return names;
      throw new Error('denied');
    };
    expect(
      (await findLocalInstances(ports({ platform: 'win32', readRegistry }))).map((each) => each.server),
    ).toEqual(['.', '.\\SQLEXPRESS']);
  });

  it('come from SQL Browser and port 1433 elsewhere, each once', async () => {
    const askBrowser = async () => [
      { server: 'X', instance: 'RETAIL', version: '', tcpPort: 49172 },
      { server: 'X', instance: 'MSSQLSERVER', version: '', tcpPort: 1433 },
    ];
    expect(
      await findLocalInstances(ports({ askBrowser, isListening: async (port) => port === 1433 })),
    ).toEqual([
      { server: '.', isTcpEnabled: true, port: 1433 },
      { server: '.\\RETAIL', isTcpEnabled: true, port: 49172 },
    ]);
  });

  it('may be one that only its port gives away', async () => {
    expect(await findLocalInstances(ports({ isListening: async () => true }))).toEqual([
      { server: '.', isTcpEnabled: true, port: 1433 },
    ]);
  });

  it('are none, and no error, when nothing can be asked', async () => {
    expect(await findLocalInstances(ports({ platform: 'win32' }))).toEqual([]);
    expect(await findLocalInstances(ports({}))).toEqual([]);
  });

  it('are none when the search hangs: it ends at its limit and stops what it started', async () => {
    let wasStopped = false;
    const askBrowser = (signal: AbortSignal) =>
      new Promise<undefined>(() => {
        signal.addEventListener('abort', () => {
          wasStopped = true;
        });
      });
    expect(await findLocalInstances(ports({ askBrowser }), 10)).toEqual([]);
    expect(wasStopped).toBe(true);
  });
});
