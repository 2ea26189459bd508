import type { SqlSession } from '../../../../src/core/sql/session.ts';
import type { Audited } from './ledger.ts';

/** An anchor with the epoch of its pair. */
export type AnchorState = {
  readonly peer: number;
  readonly table: string;
  readonly timestamp: bigint;
  readonly state: string;
  readonly epoch: number | null;
};

export async function readAnchors(session: SqlSession): Promise<readonly AnchorState[]> {
  const rows = await session.query<Omit<AnchorState, 'timestamp'> & { timestamp: string }>(
    `SELECT a.PeerId AS peer, a.TableName AS [table], CAST(CAST(a.Timestamp AS bigint) AS varchar(20)) AS timestamp,
  a.State AS state, p.Epoch AS epoch FROM storedb.Anchor AS a LEFT JOIN storedb.Pair AS p ON p.PeerId = a.PeerId`,
  );
  return rows.map((row) => ({ ...row, timestamp: BigInt(row.timestamp) }));
}

/** Up to where everything is committed now. */
export async function readBound(session: SqlSession): Promise<bigint> {
  const [row] = await session.query<{ bound: string }>(
    'SELECT CAST(CAST(MIN_ACTIVE_ROWVERSION() AS bigint) - 1 AS varchar(20)) AS bound',
  );
  return BigInt(row?.bound ?? 0);
}

export const readAudit = (store: SqlSession): Promise<readonly Audited[]> =>
  store.query<Audited>('SELECT ID AS id, T AS [table], K AS [key], V AS version FROM dbo.AUDIT ORDER BY ID');

/** The last entry of the audit. */
export async function readAudited(store: SqlSession): Promise<number> {
  const [row] = await store.query<{ last: number | null }>('SELECT MAX(ID) AS last FROM dbo.AUDIT');
  return row?.last ?? 0;
}

export type LogRow = {
  readonly terminal: string;
  readonly scope: string;
  readonly downloaded: readonly [total: number, ok: number, err: number];
  readonly uploaded: readonly [total: number, ok: number, err: number];
  readonly isInOrder: boolean;
};

export async function readLog(store: SqlSession): Promise<readonly LogRow[]> {
  const rows = await store.query<Record<string, number> & { terminal: string; scope: string }>(
    `SELECT l.TERMINAL AS terminal, ISNULL(s.DESCRIPTION, N'?') AS scope,
  l.TOTALDOWNLOADED AS d, l.TOTALDOWNLOADEDOK AS dok, l.TOTALDOWNLOADEDERR AS derr,
  l.TOTALUPLOADED AS u, l.TOTALUPLOADEDOK AS uok, l.TOTALUPLOADEDERR AS uerr,
  CASE WHEN l.SYNCSTARTTIME <= l.SYNCSTOPTIME THEN 1 ELSE 0 END AS isInOrder
FROM dbo.RETAILOFFLINESYNCLOG AS l LEFT JOIN dbo.RETAILOFFLINESCOPE AS s ON s.RECID = l.SCOPEID`,
  );
  return rows.map(({ terminal, scope, d = 0, dok = 0, derr = 0, u = 0, uok = 0, uerr = 0, isInOrder }) => ({
    terminal,
    scope,
    downloaded: [d, dok, derr],
    uploaded: [u, uok, uerr],
    isInOrder: isInOrder === 1,
  }));
}
