import { describe, expect, test } from 'vitest';
import { resolveSecret, type SecretPorts } from '../../../src/core/answers/secrets.ts';
import { connectionTarget } from '../../../src/core/answers/sign-in.ts';
import { Secret } from '../../../src/core/secret.ts';
import { secretPorts } from './secret-ports.ts';

const key = 'storeDatabase.auth.password';
const resolve = (reference: string, ports: SecretPorts) =>
  resolveSecret({ key, reference, question: 'Password?' }, ports);
const revealed = async (reference: string, ports: SecretPorts) => (await resolve(reference, ports)).reveal();

describe('a secret', () => {
  test('comes from the environment', async () => {
    expect(await revealed('env:P', secretPorts({ environment: { P: ' p w ' } }))).toBe(' p w ');
  });

  test.each([
    ['p w \n', 'p w '],
    ['p\r\nsecond', 'p'],
    ['\uFEFFp', 'p'],
    [Buffer.from('\uFEFFpä\r\n', 'utf16le'), 'pä'],
  ])('is the first line of a file: %j', async (content, password) => {
    expect(await revealed('file:f', secretPorts({ files: { f: content } }))).toBe(password);
  });

  test('is asked for at the terminal', async () => {
    const ports = secretPorts({ typing: 'p' });
    expect(await revealed('prompt:', ports)).toBe('p');
    expect(ports.questions).toEqual(['Password?']);
  });

  test('comes from standard input, one line each', async () => {
    const ports = secretPorts({ input: ['one', 'two'] });
    expect([await revealed('stdin:', ports), await revealed('stdin:', ports)]).toEqual(['one', 'two']);
    await expect(resolve('stdin:', ports)).rejects.toThrow('standard input has no more lines');
  });

  test('that was typed in the wizard is not asked for again', async () => {
    const ports = secretPorts({ typed: new Map([[key, new Secret('typed')]]) });
    expect(await revealed('prompt:', ports)).toBe('typed');
  });

  test('in a file that others can read is used with a warning', async () => {
    const ports = secretPorts({ files: { f: 'p' }, openFiles: ['f'] });
    expect(await revealed('file:f', ports)).toBe('p');
    expect(ports.warnings).toEqual([
      'f can be read by other accounts of this computer: restrict it with chmod 600.',
    ]);
  });

  test.each([
    ['env:P', {}, 'the environment variable P is not set'],
    ['env:P', { environment: { P: '' } }, 'the environment variable P is empty'],
    ['file:f', {}, 'the file cannot be read (ENOENT)'],
    ['file:f', { files: { f: '' } }, 'the first line of the file is empty'],
    ['file:f', { files: { f: new Uint8Array([0xff, 0x41]) } }, 'the file is not a UTF-8 text'],
    ['prompt:', {}, 'there is no terminal to ask at'],
    ['prompt:', { typing: '' }, 'nothing was typed'],
    ['stdin:', { input: [''] }, 'the line of standard input is empty'],
  ])('that %s cannot give (%j) is refused with the reason', async (reference, world, reason) => {
    await expect(resolve(reference, secretPorts(world))).rejects.toMatchObject({
      exit: 'answers',
      code: 'secret-unavailable',
      message: `${key} (${reference}): ${reason}.`,
    });
  });
});

test('the sign-in asks for the password of its account and server', async () => {
  const ports = secretPorts({ typing: 'p' });
  const auth = { kind: 'ntlm', domain: 'CONTOSO', user: 'anna', password: 'prompt:' } as const;
  const target = await connectionTarget(
    'storeDatabase',
    { server: 'SRV01', name: 'AX', auth },
    'trust',
    ports,
  );
  expect(ports.questions).toEqual(['Password of CONTOSO\\anna on SRV01']);
  expect(target).toMatchObject({
    server: 'SRV01',
    encryption: 'trust',
    signIn: { kind: 'ntlm', user: 'anna' },
  });
});

test('the Windows account needs no password', async () => {
  const database = { server: '.', name: 'AX', auth: { kind: 'windows' } } as const;
  const target = await connectionTarget('offlineDatabase', database, 'verify', secretPorts({}));
  expect(target.signIn).toEqual({ kind: 'windows' });
});
