import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemory } from '../../src/cli/memory.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'storedb-memory-'));
  process.env.STOREDB_STATE_DIR = place;
});
afterEach(() => {
  delete process.env.STOREDB_STATE_DIR;
  rmSync(place, { recursive: true, force: true });
});

const draft = { savedAt: '2026-11-22T14:02:00Z', step: 'store-database', values: { task: 'store-database' } };
const quiet = (text: string) => {
  throw new Error(text);
};

describe('what storedb remembers', () => {
  it('is there again in the next run', async () => {
    const first = openMemory(quiet);
    await first.pins.keep('srv01,1433', '4F:19');
    first.draft.keep(draft);
    const second = openMemory(quiet);
    expect(await second.pins.find('srv01,1433')).toBe('4F:19');
    expect(second.draft.find()).toEqual(draft);
    second.draft.finish({ 'storeDatabase.server': 'SRV01' });
    expect(openMemory(quiet).draft.find()).toBeUndefined();
    expect(openMemory(quiet).draft.lastFinished()).toEqual({ 'storeDatabase.server': 'SRV01' });
    expect(await openMemory(quiet).pins.find('srv01,1433')).toBe('4F:19');
  });

  it('knows no pin that was never kept, whatever the server is called', async () => {
    expect(await openMemory(quiet).pins.find('constructor')).toBeUndefined();
  });

  it.each(['{ not json', '{"pins":{"a":1}}', '[]', ''])(
    'is set aside and said once when the file holds %j',
    (text) => {
      openMemory(quiet).draft.keep(draft);
      const file = join(place, readdirSync(place)[0] ?? '');
      writeFileSync(file, text);
      const said: string[] = [];
      const memory = openMemory((line) => said.push(line));
      expect(memory.draft.find()).toBeUndefined();
      expect(said).toHaveLength(1);
      expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(text);
      memory.draft.keep(draft);
      expect(openMemory(quiet).draft.find()).toEqual(draft);
    },
  );
});
