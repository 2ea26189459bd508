import { ask, fold } from '../../plan/detect/ask.ts';
import type { SqlSession } from '../../sql/session.ts';
import type { OfflineProfile, OfflineScope, SyncDirection } from './profile.ts';

/** What a store database says about profiles. */
export type StoredProfiles = {
  readonly profiles: readonly OfflineProfile[];
  /** The names of the profiles that stores refer to (RETAILSTORETABLE.OFFLINEPROFILE), by folded store number. */
  readonly ofStores: ReadonlyMap<string, string>;
};

type ScopeRow = {
  readonly profile: string;
  readonly description: string;
  readonly scope: string | null;
  readonly direction: number | null;
  readonly frequency: number | null;
  readonly tableName: string | null;
};

/**
 * RETAILOFFLINESCOPE.SYNCDIRECTION. 1 = Upload stands in a sample of Microsoft's; the other two are inferred from the
 * order in which the documentation names the directions.
 */
const directions: readonly SyncDirection[] = ['download', 'upload', 'bidirectional'];

export const directionNumber = (direction: SyncDirection): number => directions.indexOf(direction);

/**
 * Reads the five tables of the profiles. There is no column for the order of the scopes: they are taken in the order
 * in which they were added to the profile (RETAILOFFLINEPROFILESCOPES.RECID). References that lead nowhere are left
 * out. A schema without these tables has no profiles.
 */
export async function readProfiles(session: SqlSession, signal: AbortSignal): Promise<StoredProfiles> {
  const rows = await ask(() => session.query<ScopeRow>(profilesQuery, {}, signal));
  const stores = await ask(() => session.query<{ store: string; profile: string }>(storesQuery, {}, signal));
  return {
    profiles: rows.known ? profilesOf(rows.value) : [],
    ofStores: new Map(
      stores.known ? stores.value.map(({ store, profile }) => [fold(store.trim()), profile]) : [],
    ),
  };
}

const profilesQuery = `SELECT p.NAME AS profile, p.DESCRIPTION AS description, s.DESCRIPTION AS scope,
  s.SYNCDIRECTION AS direction, s.SYNCFREQUENCY AS frequency, t.TABLENAME AS tableName
FROM dbo.RETAILOFFLINEPROFILE AS p
LEFT JOIN dbo.RETAILOFFLINEPROFILESCOPES AS ps ON ps.PROFILEID = p.RECID
LEFT JOIN dbo.RETAILOFFLINESCOPE AS s ON s.RECID = ps.SCOPEID
LEFT JOIN dbo.RETAILOFFLINESCOPETABLES AS st ON st.SCOPEID = s.RECID
LEFT JOIN dbo.RETAILOFFLINETABLE AS t ON t.RECID = st.SYNCTABLEID
ORDER BY p.NAME, ps.RECID, st.RECID`;

const storesQuery = `SELECT s.STORENUMBER AS store, p.NAME AS profile
FROM dbo.RETAILSTORETABLE AS s JOIN dbo.RETAILOFFLINEPROFILE AS p ON p.RECID = s.OFFLINEPROFILE`;

function profilesOf(rows: readonly ScopeRow[]): readonly OfflineProfile[] {
  return [...Map.groupBy(rows, ({ profile }) => profile)].map(([name, ofProfile]) => ({
    name,
    description: ofProfile[0]?.description ?? name,
    scopes: scopesOf(ofProfile),
  }));
}

function scopesOf(rows: readonly ScopeRow[]): readonly OfflineScope[] {
  const named = rows.flatMap((row) => (row.scope === null ? [] : [{ ...row, scope: row.scope }]));
  return [...Map.groupBy(named, ({ scope }) => scope)].map(([name, ofScope]) => ({
    name,
    direction: directions[ofScope[0]?.direction ?? 0] ?? 'download',
    frequencySeconds: Math.max(0, ofScope[0]?.frequency ?? 0),
    tables: ofScope.flatMap(({ tableName }) => (tableName === null ? [] : [tableName.trim()])),
  }));
}
