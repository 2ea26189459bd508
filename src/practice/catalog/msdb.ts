/** Tables that a fresh server has in its system databases. The engine runs the statements once, before the first login. */

/** No backup is ever made here (BACKUP is refused), so the history in msdb is there and empty. */
export const systemTables: readonly { readonly database: string; readonly text: string }[] = [
  {
    database: 'msdb',
    text: `create table dbo.backupset (
  backup_set_id int identity(1,1) not null constraint PK_backupset primary key,
  backup_set_uuid uniqueidentifier not null,
  media_set_id int not null,
  name nvarchar(128) null,
  user_name nvarchar(128) null,
  first_lsn numeric(25,0) null,
  last_lsn numeric(25,0) null,
  checkpoint_lsn numeric(25,0) null,
  database_backup_lsn numeric(25,0) null,
  backup_start_date datetime null,
  backup_finish_date datetime null,
  type char(1) null,
  compatibility_level tinyint null,
  backup_size numeric(20,0) null,
  database_name nvarchar(128) null,
  server_name nvarchar(128) null,
  machine_name nvarchar(128) null,
  is_copy_only bit null,
  is_damaged bit null,
  recovery_model nvarchar(60) null,
  compressed_backup_size numeric(20,0) null
)`,
  },
];
