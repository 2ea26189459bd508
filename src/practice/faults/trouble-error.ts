import { SqlError } from '../engine/extension.ts';
import type { TroubleName } from './fault.ts';

/** SQL Server's own words for what is wrong; texts, severities and states as sys.messages and its clients show them. */
export function troubleError(name: TroubleName, session: number, database: string): SqlError {
  switch (name) {
    case 'deadlock-victim':
      return new SqlError(
        1205,
        `Transaction (Process ID ${session}) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.`,
        13,
        51,
      );
    case 'log-full':
      return new SqlError(
        9002,
        `The transaction log for database '${database}' is full due to 'LOG_BACKUP'.`,
        17,
        2,
      );
    case 'database-full':
      return new SqlError(
        1105,
        `Could not allocate space for object 'dbo.SORT temporary run storage' in database '${database}' because the 'PRIMARY' filegroup is full. Create disk space by deleting unneeded files, dropping objects in the filegroup, adding additional files to the filegroup, or setting autogrowth on for existing files in the filegroup.`,
        17,
        2,
      );
    case 'size-limit':
      return new SqlError(
        1827,
        'CREATE DATABASE or ALTER DATABASE failed because the resulting cumulative database size would exceed your licensed limit of 10240 MB per database.',
        16,
        2,
      );
    case 'read-only':
      return new SqlError(
        3906,
        `Failed to update database "${database}" because the database is read-only.`,
        16,
        1,
      );
  }
}
