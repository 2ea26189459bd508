import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLogFolder } from '../../src/cli/log-folder.ts';
import { ExpectedError } from '../../src/core/errors.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'storedb-log-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const warnings: string[] = [];
const open = (subject: string, chosen = place) => {
  warnings.length = 0;
  const log = openLogFolder({
    chosen,
    subject,
    now: new Date(2026, 10, 22, 14, 19),
    warn: (text) => warnings.push(text),
  });
  return { ...log, path: log.path!, summary: log.summary! };
};

describe('the log folder', () => {
  it('is named after the time and the register, and says from the start how the run ended', () => {
    const log = open('HOUSTON-1');
    expect(readdirSync(place)).toEqual(['2026-11-22_1419_HOUSTON-1']);
    expect(readFileSync(log.summary, 'utf8')).toContain('has not ended');
    log.event('{"kind":"a"}');
    log.event('{"kind":"b"}');
    expect(readFileSync(join(log.path, 'events.jsonl'), 'utf8')).toBe('{"kind":"a"}\n{"kind":"b"}\n');
  });

  it('is another one for each run of the same minute', () => {
    expect(new Set([open('A').path, open('A').path, open('A').path]).size).toBe(3);
  });

  it('keeps hostile names inside its folder', () => {
    const log = open('../../etc/pass"wd');
    expect(log.path.startsWith(place)).toBe(true);
    expect(readdirSync(place)).toHaveLength(1);
  });

  it('does not stop a run when it vanishes, and says so once', () => {
    const log = open('A');
    rmSync(log.path, { recursive: true });
    log.event('{}');
    log.write('plan.sql', 'x');
    expect(warnings).toHaveLength(1);
    expect(existsSync(log.path)).toBe(false);
  });

  it('refuses a chosen place that cannot be a folder', () => {
    const file = join(place, 'file');
    writeFileSync(file, '');
    expect(() => open('A', file)).toThrow(ExpectedError);
  });

  it.runIf(process.platform === 'linux')('ends with a reason where no folder can ever be made', () => {
    expect(() => open('A', '/proc/storedb/logs')).toThrow(ExpectedError);
  });

  it('makes the folders above it, too', () => {
    expect(existsSync(open('A', join(place, 'one', 'two')).path)).toBe(true);
  });
});
