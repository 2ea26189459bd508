import { createSocket } from 'node:dgram';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { SqlServersOptions } from '../../../src/core/sql/connect.ts';
import { memoryPins } from '../../../src/core/sql/pins.ts';
import { type ProbeEvent, probeConnection } from '../../../src/core/sql/probe.ts';
import type { ConnectionTarget } from '../../../src/core/sql/session.ts';
import {
  type Asked,
  fail,
  options,
  refused,
  row,
  type ScriptedServer,
  scriptedServer,
  target,
} from './scripted-server.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function sqlServer({ text, sink }: Asked): void {
  if (text.includes('ProductVersion')) {
    row(sink, {
      version: '11.0.7001.0',
      edition: 'Express Edition',
      banner: 'Microsoft SQL Server 2012 (SP4)\n\tMore',
    });
  } else {
    row(sink, { account: 'setup', sysadmin: 0, right0: 1, right1: 0, right2: 1 });
  }
}

async function server(
  ...[answer = sqlServer, more]: Parameters<typeof scriptedServer>
): Promise<ScriptedServer> {
  const started = await scriptedServer(answer, more);
  ends.push(() => started.close());
  return started;
}

/** The lines as they stand at the end: the last event of each label. */
async function probe(
  to: ConnectionTarget,
  more: Partial<SqlServersOptions> = {},
): Promise<readonly ProbeEvent[]> {
  const lines = new Map<string, ProbeEvent>();
  for await (const event of probeConnection(to, options(more))) lines.set(event.label, event);
  return [...lines.values()];
}

const short = (events: readonly ProbeEvent[]) =>
  events.map(({ label, status, message }) => `${label} | ${message} | ${status}`);

describe('a connection test', () => {
  it('goes through the layers to version and rights', async () => {
    const srv = await server();
    expect(short(await probe(target(`127.0.0.1,${srv.port}`)))).toEqual([
      'Name found | 127.0.0.1 | ok',
      `Port | ${srv.port} is open | ok`,
      'Encryption | TLS 1.2, on this computer | ok',
      'Sign in | setup | ok',
      'Server | SQL Server 2012 Express Edition (11.0.7001.0) | ok',
      'Rights | setup may not create logins | warning',
    ]);
  });

  it('says of each layer that it is at work before it says how it went', async () => {
    const srv = await server();
    const seen: string[] = [];
    for await (const { layer, status } of probeConnection(target(`127.0.0.1,${srv.port}`), options()))
      seen.push(`${layer} ${status}`);
    expect(seen).toEqual([
      'name working',
      'name ok',
      'port working',
      'port ok',
      'encryption working',
      'encryption ok',
      'sign-in working',
      'sign-in ok',
      'server working',
      'server ok',
      'rights warning',
    ]);
  });

  it('only reads', async () => {
    const srv = await server();
    await probe(target(`127.0.0.1,${srv.port}`));
    for (const { text } of srv.asked) expect(text).toMatch(/^SELECT /);
  });

  it('shows an unknown certificate so that it can be trusted, and sends no password before', async () => {
    const srv = await server();
    const pins = memoryPins();
    const lines = await probe(target(`SRV01,${srv.port}`, { encryption: 'verify' }), { pins });
    expect(lines.map(({ layer, status }) => `${layer} ${status}`)).toEqual([
      'name ok',
      'port ok',
      'encryption failed',
    ]);
    expect(srv.logins).toEqual([]);
    const details = lines.at(-1)?.details ?? {};
    await pins.keep(String(details.serverKey), String(details.fingerprint));
    expect(short(await probe(target(`SRV01,${srv.port}`, { encryption: 'verify' }), { pins }))).toContain(
      'Encryption | TLS 1.2, certificate accepted before | ok',
    );
  });

  it('under trust warns of a new certificate, goes on, and remembers nothing', async () => {
    const srv = await server(undefined, { refuse: () => refused([18456, 'Login failed']) });
    const pins = memoryPins();
    const lines = await probe(target(`SRV01,${srv.port}`, { encryption: 'trust' }), { pins });
    expect(short(lines).slice(2)).toEqual([
      'Encryption | TLS 1.2, certificate made by the server itself | warning',
      'Sign in | User or password is wrong for setup. (18456) | failed',
    ]);
    expect(await pins.find(`srv01,${srv.port}`)).toBeUndefined();
  });

  it('says when authority and name of the certificate were checked', async () => {
    const srv = await server();
    const before = getCACertificates('default');
    ends.push(async () => setDefaultCACertificates(before));
    setDefaultCACertificates([...before, srv.certificate ?? '']);
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    expect(short(await probe(target(`localhost,${srv.port}`), { lookup }))).toContain(
      'Encryption | TLS 1.2, certificate checked | ok',
    );
  });

  it('warns of plaintext over a network', async () => {
    const srv = await server(undefined, { encryption: 'unsupported' });
    expect(short(await probe(target(`SRV01,${srv.port}`, { encryption: 'none' })))[2]).toBe(
      'Encryption | none: the password crosses the network readable | warning',
    );
  });

  it('warns of a database that is there but may not be opened', async () => {
    const srv = await server(
      ({ sink, text }) => {
        if (text.includes('sys.databases')) row(sink, { name: 'NEW' });
      },
      {
        refuse: ({ database }) =>
          database === 'NEW' ? refused([4060, 'Cannot open database'], [18456, 'Login failed']) : undefined,
      },
    );
    const lines = short(await probe(target(`127.0.0.1,${srv.port}`, { database: 'NEW' })));
    expect(lines.slice(3, 5)).toEqual([
      'Sign in | setup | ok',
      expect.stringMatching(/^Database \| The database NEW does not exist .*warning$/),
    ]);
    expect(lines).toHaveLength(7);
  });

  it('finds the port of an instance through SQL Browser and says so', async () => {
    const srv = await server();
    const browser = createSocket('udp4');
    ends.push(() => new Promise<void>((resolve) => browser.close(() => resolve())));
    browser.on('message', (_, from) => {
      const text = `ServerName;SRV01;InstanceName;RETAIL;tcp;${srv.port};;`;
      browser.send(
        Buffer.concat([Buffer.from([5, text.length, 0]), Buffer.from(text)]),
        from.port,
        from.address,
      );
    });
    await new Promise<void>((resolve) => browser.bind(0, '127.0.0.1', resolve));
    const lines = await probe(target('SRV01\\RETAIL', { encryption: 'trust' }), {
      browser: { port: browser.address().port },
    });
    expect(short(lines)[1]).toBe(`Port | instance RETAIL listens on ${srv.port} (SQL Browser) | ok`);
    expect(lines.at(-1)?.layer).toBe('rights');
  });

  it('finds the port of an instance of this computer although SQL Browser is stopped', async () => {
    const srv = await server();
    const localInstances = async () => [{ server: '.\\SQLEXPRESS', isTcpEnabled: true, port: srv.port }];
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const lines = await probe(target('.\\sqlexpress'), { localInstances, lookup });
    expect(short(lines)[1]).toBe(`Port | instance sqlexpress listens on ${srv.port} (registry) | ok`);
  });

  it('says that TCP/IP is off for an instance of this computer, as it is in a new Express', async () => {
    const localInstances = async () => [{ server: '.\\SQLEXPRESS', isTcpEnabled: false }];
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const lines = await probe(target('.\\SQLEXPRESS'), { localInstances, lookup });
    expect(lines.at(-1)).toMatchObject({
      layer: 'port',
      status: 'failed',
      message: expect.stringContaining('TCP/IP is switched off'),
    });
  });

  it('ends at a name that is not found, with the next thing to do', async () => {
    const lines = await probe(target('NOWHERE'));
    expect(lines).toMatchObject([
      { layer: 'name', status: 'failed', hint: expect.stringContaining('spelling') },
    ]);
  });

  it('with the Windows account fails at the sign-in, after the layers that could be tried', async () => {
    const srv = await server();
    const lines = await probe(target(`127.0.0.1,${srv.port}`, { signIn: { kind: 'windows' } }));
    expect(lines.at(-1)).toMatchObject({
      layer: 'sign-in',
      status: 'failed',
      hint: expect.stringContaining('ntlm'),
      exit: 'prerequisite',
    });
  });

  it('reports a question that the server does not understand and still asks the others', async () => {
    const srv = await server((asked) =>
      asked.text.includes('ProductVersion')
        ? fail(asked.sink, 195, "'x' is not a recognized function")
        : sqlServer(asked),
    );
    const lines = await probe(target(`127.0.0.1,${srv.port}`));
    expect(lines.slice(-2)).toMatchObject([
      { layer: 'server', status: 'warning', message: expect.stringContaining('could not check the version') },
      { layer: 'rights', status: 'warning' },
    ]);
  });

  it('refuses a server that is too old by name', async () => {
    const srv = await server((asked) =>
      asked.text.includes('ProductVersion')
        ? row(asked.sink, {
            version: '10.0.6000.29',
            edition: 'Express',
            banner: 'Microsoft SQL Server 2008',
          })
        : sqlServer(asked),
    );
    const lines = await probe(target(`127.0.0.1,${srv.port}`));
    expect(lines.find((each) => each.layer === 'server')).toMatchObject({
      status: 'failed',
      message: 'SQL Server 2008 Express (10.0.6000.29) is too old',
      exit: 'prerequisite',
    });
  });

  it('does not call an engine old that writes its version in another way', async () => {
    const srv = await server((asked) =>
      asked.text.includes('ProductVersion')
        ? row(asked.sink, { version: 'r9', edition: '', banner: 'Some other engine 9' })
        : sqlServer(asked),
    );
    const lines = await probe(target(`127.0.0.1,${srv.port}`));
    expect(lines.find((each) => each.layer === 'server')).toMatchObject({
      status: 'ok',
      message: 'Some other engine 9 (r9)',
    });
  });

  it('does not hide a bug behind a line', async () => {
    const srv = await server();
    const pins = { ...memoryPins(), find: () => Promise.reject(new TypeError('x is not a function')) };
    await expect(probe(target(`127.0.0.1,${srv.port}`), { pins })).rejects.toThrow(TypeError);
  });

  it('can be given up', async () => {
    const stop = new AbortController();
    const srv = await server(async ({ signal }) => {
      stop.abort('enough');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    });
    await expect(async () => {
      for await (const _ of probeConnection(target(`127.0.0.1,${srv.port}`), options(), stop.signal));
    }).rejects.toBe('enough');
  });
});
