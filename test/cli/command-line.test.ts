import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/core/errors.ts';

const root = join(import.meta.dirname, '..', '..');
const storedb = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'dist', 'app', 'main.mjs'), ...args], {
    encoding: 'utf8',
    input: '',
  });

describe('the command line', () => {
  it('prints its version', () => {
    expect(storedb('--version')).toMatchObject({ status: 0, stdout: '1.0.0\n', stderr: '' });
  });

  it('shows every command and every exit code in --help', () => {
    const { status, stdout } = storedb('--help');
    expect(status).toBe(0);
    for (const name of [
      'apply',
      'plan',
      'rehearse',
      'answers',
      'practice',
      'verify',
      'doctor',
      'distribute',
      'sync',
      'service',
    ]) {
      expect(stdout).toContain(`  ${name}`);
    }
    for (const { code, meaning } of Object.values(exitCodes)) expect(stdout).toContain(`${code}  ${meaning}`);
  });

  it('explains the unattended way when there is no terminal, and exits 2', () => {
    const { status, stderr } = storedb();
    expect(status).toBe(2);
    expect(stderr).toContain('storedb apply');
  });

  it('tells who drops an answers file on it which command to use', () => {
    const { status, stderr } = storedb('answers.yaml');
    expect(status).toBe(2);
    expect(stderr).toContain('storedb apply FILE');
  });

  it.each([
    ['an unknown command', ['frobnicate']],
    ['an unknown command with arguments', ['frobnicate', 'a', 'b']],
    ['an unknown option', ['apply', 'a.yaml', '--wat']],
    ['a missing argument', ['plan']],
    ['half of a command', ['sync']],
    ['a port that is none', ['practice', '--port', '99999']],
  ])('refuses %s with 2 and points to --help', (_what, args) => {
    const { status, stdout, stderr } = storedb(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('--help');
  });

  it('prints a template that it accepts once it is filled in, and the schema', () => {
    expect(storedb('answers', 'template').stdout).toContain('task: store-database');
    const schema = JSON.parse(storedb('answers', 'schema').stdout);
    for (const task of schema.oneOf) expect(task).toHaveProperty('properties.storeDatabase');
    expect(storedb('answers', 'template', 'coffee').status).toBe(2);
  });
});

describe('the offline profile', () => {
  it('is printed with its scopes, directions and tables', () => {
    const { status, stdout } = storedb('answers', 'profile');
    expect(status).toBe(0);
    expect(stdout).toContain('Offline profile "Default pr."');
    expect(stdout).toContain('RETAILTRANSACTIONSALESTRANS');
  });
});
