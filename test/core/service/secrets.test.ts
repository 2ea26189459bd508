import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { machinePlaces } from '../../../src/core/service/machine/places.ts';
import { privateFiles } from '../../../src/core/service/machine/private-files.ts';
import { type Programs, programsOfThisComputer } from '../../../src/core/service/machine/programs.ts';
import { linuxSecrets } from '../../../src/core/service/secrets/linux-secrets.ts';
import { areKept } from '../../../src/core/service/secrets/service-secrets.ts';
import { folderOfTest } from './folders.ts';

const service = 'storedb-houston-1';
const canary = 'Kanarienvogel-7!ü';

/** systemd-creds as it works from outside, with a key that hides nothing: what it is told, and what it puts into files. */
function imitatedCreds() {
  const told: string[] = [];
  const programs: Programs = {
    async run(program, args, input = '') {
      told.push([program, ...args].join(' '));
      const name = args.find((each) => each.startsWith('--name='));
      if (args[0] === 'encrypt')
        return { code: 0, stdout: Buffer.from(`${name}\n${input}`).toString('base64'), stderr: 'a note' };
      const [for_, ...rest] = Buffer.from(input, 'base64').toString('utf8').split('\n');
      return for_ === name
        ? { code: 0, stdout: rest.join('\n'), stderr: '' }
        : { code: 1, stdout: '', stderr: 'a note\nEmbedded credential name does not match' };
    },
  };
  return { programs, told };
}

async function store(options: { canEncrypt: boolean; credentials?: string; programs?: Programs }) {
  const root = await folderOfTest();
  const places = machinePlaces('linux', root, {});
  const { canEncrypt, credentials, programs = programsOfThisComputer } = options;
  const secrets = linuxSecrets({ places, files: privateFiles(), programs, canEncrypt, credentials });
  return { root, places, secrets };
}

const both = new Map([
  ['store', new Secret(canary)],
  ['offline', new Secret('other')],
] as const);

describe('the passwords of a service on Linux', () => {
  it('are kept in files that only their owner may read, and replaced as a whole', async () => {
    const { places, secrets } = await store({ canEncrypt: false });
    await secrets.keep(service, both);
    const file = join(places.secrets(service), 'store.password');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(places.secrets(service))).mode & 0o777).toBe(0o700);
    expect((await secrets.read(service, 'store')).reveal()).toBe(canary);

    await secrets.keep(service, new Map([['store', new Secret('rotated')] as const]));
    expect((await secrets.read(service, 'store')).reveal()).toBe('rotated');
    expect(await readdir(places.secrets(service))).toEqual(['store.password']);
  });

  it('are encrypted where systemd can, and never stand in a command line', async () => {
    const { programs, told } = imitatedCreds();
    const { places, secrets } = await store({ canEncrypt: true, programs });
    await secrets.keep(service, both);
    expect((await secrets.read(service, 'store')).reveal()).toBe(canary);
    expect(await areKept(secrets, service, both)).toBe(true);
    expect(await areKept(secrets, service, new Map([['store', new Secret('new')] as const]))).toBe(false);
    expect(told.join('\n')).not.toContain(canary);
    const file = join(places.secrets(service), 'store.cred');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain(canary);
  });

  it('are read from the credentials that systemd hands the service', async () => {
    const credentials = await folderOfTest();
    await writeFile(join(credentials, 'store-password'), canary);
    const { secrets } = await store({ canEncrypt: true, credentials });
    expect((await secrets.read(service, 'store')).reveal()).toBe(canary);
    await expect(secrets.read(service, 'offline')).rejects.toMatchObject({
      code: 'service-secret-unreadable',
      message: expect.stringContaining('offline-password is missing'),
      hint: expect.stringContaining('storedb service install'),
    });
  });

  it('are not given away by the failure to read them', async () => {
    const { programs } = imitatedCreds();
    const { places, secrets } = await store({ canEncrypt: true, programs });
    await secrets.keep(service, both);
    await writeFile(
      join(places.secrets(service), 'offline.cred'),
      await readFile(join(places.secrets(service), 'store.cred')),
    );
    const failure = await secrets.read(service, 'offline').catch((error: unknown) => error);
    expect(String(failure)).toContain('does not match');
    expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toContain(canary);
  });

  it('says when systemd-creds refuses to encrypt', async () => {
    const programs: Programs = { run: async () => ({ code: 1, stdout: '', stderr: 'No key.' }) };
    const { secrets } = await store({ canEncrypt: true, programs });
    await expect(secrets.keep(service, both)).rejects.toMatchObject({ code: 'service-secret-not-kept' });
  });
});
