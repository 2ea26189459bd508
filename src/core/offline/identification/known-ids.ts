import { ask } from '../../plan/detect/ask.ts';
import type { SqlSession } from '../../sql/session.ts';

/** The ids that head office has sent to a store database, as they are written there. */
export type KnownIds = {
  readonly stores: readonly string[];
  readonly registers: readonly string[];
  readonly companies: readonly string[];
};

const sources: { readonly [Kind in keyof KnownIds]: string } = {
  stores: 'SELECT DISTINCT STORENUMBER AS id FROM dbo.RETAILSTORETABLE ORDER BY STORENUMBER',
  registers: 'SELECT DISTINCT TERMINALID AS id FROM dbo.RETAILTERMINALTABLE ORDER BY TERMINALID',
  companies: 'SELECT DISTINCT DATAAREA AS id FROM dbo.COMPANYINFO ORDER BY DATAAREA',
};

/**
 * Reads them. A table that a customer's schema does not have, or has with other columns, counts as empty: the ids then
 * cannot be compared yet, which is a warning and no refusal.
 */
export async function readKnownIds(session: SqlSession, signal: AbortSignal): Promise<KnownIds> {
  const read = async (source: string): Promise<readonly string[]> => {
    const rows = await ask(() => session.query<{ id: string | null }>(source, {}, signal));
    if (!rows.known) return [];
    return rows.value.map(({ id }) => (id ?? '').trim()).filter((id) => id !== '');
  };
  return {
    stores: await read(sources.stores),
    registers: await read(sources.registers),
    companies: await read(sources.companies),
  };
}
