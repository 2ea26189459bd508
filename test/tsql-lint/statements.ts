import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { splitBatches } from '../../src/core/sql/batches.ts';
import type { CheckedBatch } from './linter.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every batch of every script in sql/, split as storedb splits it. */
export async function shippedBatches(): Promise<readonly CheckedBatch[]> {
  const batches: CheckedBatch[] = [];
  const files: string[] = [];
  for await (const file of glob('sql/**/*.sql', { cwd: root })) files.push(file);
  for (const file of files.sort()) {
    const name = file.replaceAll('\\', '/');
    const text = await readFile(join(root, file), 'utf8');
    batches.push(...splitBatches(text, name).map((batch) => ({ file: name, ...batch })));
  }
  return batches;
}

/** A line of a recording that the practice server made (STOREDB_RECORD_SQL): which program sent which text. */
export type RecordedStatement = { readonly application: string; readonly sql: string };

/** The driver's own beginning of a bulk load: a part of the protocol, which is no statement of T-SQL's grammar. */
const beginsBulkLoad = /^insert bulk\b/i;

/**
 * What storedb itself sent, each text once, out of a recording; what test code sent on sessions of its own is left out.
 * `file` says what the text begins with: a recorded statement has no file to point to.
 */
export function recordedStatements(recording: string): readonly CheckedBatch[] {
  const texts = new Set<string>();
  for (const line of recording.split('\n')) {
    if (line === '') continue;
    const { application, sql } = JSON.parse(line) as RecordedStatement;
    const isOurs = application === 'storedb' || application.startsWith('storedb ');
    if (isOurs && !beginsBulkLoad.test(sql)) texts.add(sql);
  }
  return [...texts].map((sql) => ({ file: `sent: ${beginningOf(sql)}`, line: 1, sql }));
}

function beginningOf(sql: string): string {
  const text = sql.replace(/\s+/g, ' ').trim();
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
