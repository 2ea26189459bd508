/** Parsed batches by their text: clients send the same texts again and again. */

import { parseBatch } from '../../language/parser.ts';
import type { Batch } from '../../language/syntax.ts';

/** A synchronisation of the store's tables sends some texts for every table: more than one run's texts should fit. */
const LIMIT = 2000;
const MAX_LENGTH = 20_000;
const kept = new Map<string, Batch>();

/** `parameters` is the text of the parameter declarations: plans depend on their types. */
export const parsed = (text: string, quotedIdentifier: boolean, parameters: string): Batch => {
  if (text.length > MAX_LENGTH) return parseBatch(text, { quotedIdentifier });
  const key = `${quotedIdentifier ? 'q' : 's'}${parameters.length}:${parameters}${text}`;
  const known = kept.get(key);
  if (known !== undefined) {
    kept.delete(key);
    kept.set(key, known);
    return known;
  }
  const batch = parseBatch(text, { quotedIdentifier });
  kept.set(key, batch);
  if (kept.size > LIMIT) {
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  }
  return batch;
};
