import { randomUUID } from 'node:crypto';
import { Secret } from '../../../../src/core/secret.ts';
import type { DriverSession } from '../../../../src/core/sql/mssql-session.ts';
import { dropDatabase } from '../../offline/shop.ts';
import { realServers, type TestServer } from '../../plan/store-runs.ts';

/** Two databases with a place for staging, and sessions of them; all gone with `drop`. */
export async function twoDatabases({ server, user, password }: TestServer) {
  const sessions: DriverSession[] = [];
  const connect = async (database?: string): Promise<DriverSession> => {
    const session = await realServers().connect({
      server,
      ...(database !== undefined && { database }),
      signIn: { kind: 'sql', user, password: new Secret(password) },
      encryption: 'trust',
    });
    sessions.push(session as DriverSession);
    return session as DriverSession;
  };
  const master = await connect();
  const names = [1, 2].map(() => `transfer_${randomUUID().replaceAll('-', '')}`);
  for (const name of names) await master.batch(`CREATE DATABASE ${name}`);
  const [source = '', destination = ''] = names;
  const made = { source: await connect(source), destination: await connect(destination) };
  for (const session of [made.source, made.destination])
    for (const schema of ['storedb', 'storedb_staging']) await session.batch(`CREATE SCHEMA ${schema}`);
  return {
    ...made,
    another: (side: 'source' | 'destination') => connect(side === 'source' ? source : destination),
    drop: async () => {
      for (const session of sessions) if (session !== master) await session.close();
      for (const name of names) await dropDatabase(master, name);
      await master.close();
    },
  };
}
