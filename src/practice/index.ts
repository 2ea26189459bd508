/** The practice server: a SQL Server to try things on, in memory, on this computer only. It is not SQL Server. */

import { randomBytes } from 'node:crypto';
import { type Backup, backUp, restoreBackup } from './data-file/backup.ts';
import { openDataFile } from './data-file/index.ts';
import { createEngine, type EngineOptions } from './engine/engine.ts';
import type { Faults } from './faults/faults.ts';
import { faultyEngine } from './faults/faulty-engine.ts';
import { recording } from './recording.ts';
import { countingRefusals, type RefusalCounts } from './refusal-count.ts';
import { type ListenOptions, listen } from './tds/server.ts';

export type { Backup } from './data-file/backup.ts';

export type PracticeOptions = {
  /** 0 or left out: a free port. */
  readonly port?: number;
  /** Of the administrator; a random one when left out. */
  readonly password?: string;
  /** The administrator's name, 'sa' when left out. */
  readonly user?: string;
  /**
   * Keeps the databases in this file and begins with what it holds. Passwords of logins are kept as hashes; the
   * administrator's is the one of this start.
   */
  readonly dataFile?: string;
  readonly engine?: Omit<EngineOptions, 'login'>;
  /** Failures that a test wants; no client can ask for them. */
  readonly faults?: Faults;
  /** What tests change about the wire: certificates, TLS versions, packets, Windows accounts. */
  readonly wire?: Omit<ListenOptions, 'port'>;
};

export type PracticeServer = {
  /** Always 127.0.0.1: nobody else can reach it. */
  readonly host: string;
  readonly port: number;
  /** As clients write it: '127.0.0.1,PORT'. */
  readonly server: string;
  readonly user: string;
  readonly password: string;
  /** What clients were refused since the start, by its text. */
  readonly refusals: RefusalCounts;
  /** A database as a backup has it: what is committed, in memory. Throws for one that is not there. */
  backUp(database: string): Backup;
  /**
   * Makes the database what it was, or a new one of that name: its rows, definitions, and the counters of rowversions
   * and identities. Ends every connection first, as a server that is restored has none.
   */
  restore(database: string, backup: Backup): Promise<void>;
  /** Ends every connection, as a restart does; nobody gets in while `meanwhile` is at work. */
  interrupt(meanwhile?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
};

/**
 * Starts a server. Rejects with the socket's error when the port is taken, with DataFileProblem when the file cannot
 * be used. Where the environment variable
 * STOREDB_RECORD_SQL names a file, what clients send is appended to it (recording.ts): also of the servers that the
 * executable starts for itself, so that a test run can be checked afterwards.
 */
export const startPracticeServer = async (options: PracticeOptions = {}): Promise<PracticeServer> => {
  const user = options.user ?? 'sa';
  const password = options.password ?? `P-${randomBytes(12).toString('base64url')}`;
  const { faults } = options;
  const sound = createEngine({ ...options.engine, login: { user, password }, trouble: faults?.trouble });
  const { engine, refusals } = countingRefusals(faults === undefined ? sound : faultyEngine(sound, faults));
  const { dataFile } = options;
  const keeper = dataFile === undefined ? undefined : await openDataFile(dataFile, sound, { user, password });
  const record = process.env.STOREDB_RECORD_SQL;
  const listening = await listen(record ? recording(engine, record) : engine, {
    ...options.wire,
    ...(faults === undefined ? {} : { onPacket: faults.onPacket }),
    port: options.port ?? 0,
  }).catch((error: unknown) => {
    keeper?.close();
    throw error;
  });
  return {
    host: '127.0.0.1',
    port: listening.port,
    server: `127.0.0.1,${listening.port}`,
    user,
    password,
    refusals,
    backUp: (database) => backUp(sound.instance, database),
    restore: (database, backup) =>
      listening.interrupt(() => restoreBackup(sound, { user, password }, database, backup)),
    interrupt: (meanwhile) => listening.interrupt(meanwhile),
    close: async () => {
      await listening.close();
      keeper?.close();
    },
  };
};
