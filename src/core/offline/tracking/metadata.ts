/**
 * The synchronisation's own records, in the store database and in every offline database alike. One statement a table,
 * each of which does nothing where the table is there. Binary(8) columns hold rowversions of the other side.
 */
export type MetadataTable = { readonly name: string; readonly create: string };

const table = (name: string, body: string): MetadataTable => ({
  name,
  create: `IF OBJECT_ID(N'storedb.${name}') IS NULL\nCREATE TABLE [storedb].[${name}] (\n${body}\n);`,
});

export const metadataTables: readonly MetadataTable[] = [
  // LocalId 1 is this database itself. The others are numbered as they come; 0 is never given out. A register that
  // was set up anew gets a new row (and a new ReplicaId); the old one is retired, so that what it had sent counts as
  // somebody else's.
  table(
    'Replica',
    `  LocalId int NOT NULL CONSTRAINT PK_storedb_Replica PRIMARY KEY,
  ReplicaId uniqueidentifier NOT NULL CONSTRAINT UQ_storedb_Replica UNIQUE,
  Kind nvarchar(10) NOT NULL,
  StoreId nvarchar(10) NOT NULL,
  RegisterId nvarchar(10) NOT NULL,
  DataAreaId nvarchar(4) NOT NULL,
  Machine nvarchar(128) NOT NULL,
  DatabaseName nvarchar(128) NOT NULL,
  Epoch int NOT NULL,
  CreatedUtc datetime NOT NULL,
  RetiredUtc datetime NULL`,
  ),
  // What was provisioned here: one row a table. ScopeOrder and TableOrder say when it is its turn. TrackingId is a new
  // one whenever changes may have gone by untracked (a trigger was off): a destination whose anchor names another one
  // compares the whole table.
  table(
    'SyncTable',
    `  TableName nvarchar(128) NOT NULL CONSTRAINT PK_storedb_SyncTable PRIMARY KEY,
  ScopeName nvarchar(256) NOT NULL,
  ScopeOrder int NOT NULL,
  TableOrder int NOT NULL,
  Direction nvarchar(13) NOT NULL,
  FrequencySeconds int NOT NULL,
  TriggerHash varchar(64) NOT NULL,
  TrackingId uniqueidentifier NOT NULL CONSTRAINT DF_storedb_SyncTable_TrackingId DEFAULT (NEWID()),
  CleanupTimestamp binary(8) NOT NULL CONSTRAINT DF_storedb_SyncTable_CleanupTimestamp DEFAULT (0x0000000000000000),
  ProvisionedUtc datetime NOT NULL`,
  ),
  // In the destination: how far the source's changes of a table have been applied here. Compare-and-swap only.
  table(
    'Anchor',
    `  PeerId int NOT NULL,
  TableName nvarchar(128) NOT NULL,
  Timestamp binary(8) NOT NULL,
  State varchar(11) NOT NULL,
  ResumeKey nvarchar(max) NULL,
  SchemaHash varchar(64) NOT NULL,
  TrackingId uniqueidentifier NOT NULL,
  UpdatedUtc datetime NOT NULL,
  CONSTRAINT PK_storedb_Anchor PRIMARY KEY (PeerId, TableName)`,
  ),
  // One row for each pair of replicas: the token by which a restored database is noticed. NextToken is used at the
  // register only: it is written there, then becomes the store's current one, then the register's.
  table(
    'Pair',
    `  PeerId int NOT NULL CONSTRAINT PK_storedb_Pair PRIMARY KEY,
  Epoch int NOT NULL,
  CurrentToken uniqueidentifier NULL,
  NextToken uniqueidentifier NULL,
  LastSeenUtc datetime NULL`,
  ),
  // In the source, advisory: how far a peer has got. Decides which tombstones may go.
  table(
    'Seen',
    `  PeerId int NOT NULL,
  TableName nvarchar(128) NOT NULL,
  Timestamp binary(8) NOT NULL,
  SeenUtc datetime NOT NULL,
  CONSTRAINT PK_storedb_Seen PRIMARY KEY (PeerId, TableName)`,
  ),
  // Rows that could not be applied: parked, counted, never overwritten and never dropped. One open row (parked, or retry
  // = marked to be tried again) for each key. KeyText and RowText as sync/window/row-text.ts makes them; RowText is NULL
  // where the parked change is a deletion. Binary collation: what differs in case is another version. The key begins
  // with the peer, so that registers which park at the same time do not wait for each other.
  table(
    'Conflict',
    `  ConflictId int IDENTITY(1, 1) NOT NULL,
  RunId uniqueidentifier NOT NULL,
  PeerId int NOT NULL,
  ScopeName nvarchar(256) NOT NULL,
  TableName nvarchar(128) NOT NULL,
  KeyText nvarchar(max) COLLATE Latin1_General_BIN2 NOT NULL,
  RowText nvarchar(max) COLLATE Latin1_General_BIN2 NULL,
  Reason nvarchar(20) NOT NULL,
  ErrorNumber int NULL,
  Message nvarchar(2000) NOT NULL,
  Status nvarchar(10) NOT NULL,
  Attempts int NOT NULL,
  ParkedUtc datetime NOT NULL,
  TriedUtc datetime NOT NULL,
  ResolvedUtc datetime NULL,
  ResolvedBy nvarchar(128) NULL,
  CONSTRAINT PK_storedb_Conflict PRIMARY KEY (PeerId, ConflictId)`,
  ),
  // One row a run and scope, with the words for which RETAILOFFLINESYNCLOG has no column; in both databases. At the
  // register, DeliveredUtc says since when the store has it too.
  table(
    'SyncRun',
    `  SyncRunId int IDENTITY(1, 1) NOT NULL CONSTRAINT PK_storedb_SyncRun PRIMARY KEY,
  RunId uniqueidentifier NOT NULL,
  PeerId int NOT NULL,
  ScopeName nvarchar(256) NOT NULL,
  Direction nvarchar(13) NOT NULL,
  StartedUtc datetime NOT NULL,
  FinishedUtc datetime NOT NULL,
  Outcome nvarchar(11) NOT NULL,
  Downloaded int NOT NULL,
  DownloadedParked int NOT NULL,
  Uploaded int NOT NULL,
  UploadedParked int NOT NULL,
  Message nvarchar(2000) NULL,
  DeliveredUtc datetime NULL,
  CONSTRAINT UQ_storedb_SyncRun UNIQUE (RunId, ScopeName)`,
  ),
];
