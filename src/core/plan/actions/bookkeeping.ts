import { hashFormat } from '../../schema/hash.ts';
import { quoteString } from '../../sql/identifiers.ts';
import { identityTable, journalTable } from '../bookkeeping.ts';
import { fold } from '../detect/ask.ts';
import type { Action } from '../plan.ts';
import { adoptedVersion } from '../script-state.ts';
import { ownershipOf, type Situation } from '../situation.ts';
import { planned, type Target } from './target.ts';

const createSchema = `IF SCHEMA_ID(N'storedb') IS NULL EXEC (N'CREATE SCHEMA storedb AUTHORIZATION dbo');`;

const createJournal = `IF OBJECT_ID(N'storedb.Journal') IS NULL
CREATE TABLE ${journalTable} (
  EntryId int IDENTITY(1, 1) NOT NULL CONSTRAINT PK_storedb_Journal PRIMARY KEY,
  RunId uniqueidentifier NOT NULL,
  Pack nvarchar(20) NOT NULL,
  ScriptId nvarchar(200) NOT NULL,
  Version nvarchar(60) NOT NULL,
  Sha256 varchar(64) NOT NULL,
  HashFormat int NOT NULL,
  StartedUtc datetime2(3) NOT NULL,
  FinishedUtc datetime2(3) NULL,
  DurationMs int NULL,
  Host nvarchar(128) NOT NULL,
  OsUser nvarchar(128) NOT NULL,
  SqlLogin nvarchar(128) NOT NULL,
  ToolVersion nvarchar(40) NOT NULL,
  Outcome varchar(10) NOT NULL,
  ErrorNumber int NULL
);`;

const createIdentity = `IF OBJECT_ID(N'storedb.DatabaseIdentity') IS NULL
CREATE TABLE ${identityTable} (
  Kind nvarchar(20) NOT NULL CONSTRAINT PK_storedb_DatabaseIdentity PRIMARY KEY,
  StoreId nvarchar(10) NULL,
  DataAreaId nvarchar(4) NULL,
  RecordedUtc datetime2(3) NOT NULL
);`;

/** The tables that storedb keeps its own notes in; in one transaction, so that they are there or not. */
export function bookkeeping(situation: Situation, target: Target): readonly Action[] {
  const present = situation.contents?.bookkeeping ?? [];
  if (present.includes('journal') && present.includes('databaseidentity')) return [];
  return [
    {
      id: 'bookkeeping',
      kind: 'run-batches',
      title: 'Create the journal of this tool',
      risk: 'creates',
      need: 'necessary',
      target,
      batches: [
        planned(
          [
            'SET XACT_ABORT ON;',
            'BEGIN TRANSACTION;',
            createSchema,
            createJournal,
            createIdentity,
            ...adoption(situation),
            'COMMIT TRANSACTION;',
          ].join('\n'),
        ),
      ],
    },
  ];
}

/** A database of the original utility says from its first moment with us up to which version it came that way. */
function adoption({ contents, pack }: Situation): readonly string[] {
  const version = adoptedVersion(contents);
  if (ownershipOf(contents) !== 'original' || version === undefined) return [];
  return [
    `INSERT INTO ${journalTable} (RunId, Pack, ScriptId, Version, Sha256, HashFormat, StartedUtc, FinishedUtc, DurationMs, Host, OsUser, SqlLogin, ToolVersion, Outcome)
VALUES (NEWID(), ${quoteString(pack.name)}, N'POSISINFO', ${quoteString(version)}, '', ${hashFormat}, SYSUTCDATETIME(), SYSUTCDATETIME(), 0, N'', N'', SUSER_SNAME(), N'', 'adopted');`,
  ];
}

/** Writes down whose database it is; last, so that a database that was only begun holds no store's place. */
export function recordIdentity({ side, answers, contents }: Situation, target: Target): readonly Action[] {
  const recorded = contents?.identity;
  const storeId = recorded?.storeId ?? answers.identification?.storeId;
  const dataAreaId = recorded?.dataAreaId ?? answers.identification?.dataAreaId;
  if (recorded !== undefined && same(recorded.storeId, storeId) && same(recorded.dataAreaId, dataAreaId))
    return [];
  const store = storeId === undefined ? 'NULL' : quoteString(storeId);
  const company = dataAreaId === undefined ? 'NULL' : quoteString(dataAreaId);
  return [
    {
      id: 'identity',
      kind: 'run-batches',
      title:
        storeId === undefined
          ? `Record that this is ${side === 'store' ? 'a store' : 'an offline'} database`
          : `Record that this is ${side === 'store' ? 'the store' : 'an offline'} database of ${storeId}`,
      risk: 'changes',
      need: 'necessary',
      target,
      batches: [
        planned(`UPDATE ${identityTable} SET StoreId = ${store}, DataAreaId = ${company}, RecordedUtc = SYSUTCDATETIME() WHERE Kind = N'${side}';
IF @@ROWCOUNT = 0 INSERT INTO ${identityTable} (Kind, StoreId, DataAreaId, RecordedUtc) VALUES (N'${side}', ${store}, ${company}, SYSUTCDATETIME());`),
      ],
    },
  ];
}

function same(left: string | undefined, right: string | undefined): boolean {
  return fold(left ?? '') === fold(right ?? '');
}
