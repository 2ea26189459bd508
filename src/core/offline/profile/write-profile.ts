import type { Batch } from '../../plan/plan.ts';
import { quoteString } from '../../sql/identifiers.ts';
import { type OfflineProfile, storedName } from './profile.ts';
import { directionNumber } from './read-profiles.ts';

/**
 * Our rows are numbered downwards from here. Head office gives out large positive record ids (from 5637144576 on), a
 * person at a keyboard small positive ones; nobody gives out negative ones, so ours clash with none.
 */
const firstRecordId = -1_000_001;

/**
 * Writes a profile into the five tables of a store database, in one transaction and only what is missing: rows of head
 * office are never changed, and a table or scope that head office knows by the same name is used as it is.
 */
export function writeProfileBatch(profile: OfflineProfile): Batch {
  const scopes = profile.scopes.map((scope) => {
    const description = quoteString(scope.name);
    return [
      `SET @scope = (SELECT MIN(RECID) FROM dbo.RETAILOFFLINESCOPE WHERE DESCRIPTION = ${description});`,
      'IF @scope IS NULL',
      'BEGIN',
      '  SET @scope = @next; SET @next = @next - 1;',
      `  INSERT INTO dbo.RETAILOFFLINESCOPE (RECID, DESCRIPTION, SYNCDIRECTION, SYNCFREQUENCY) VALUES (@scope, ${description}, ${directionNumber(scope.direction)}, ${scope.frequencySeconds});`,
      'END;',
      'IF NOT EXISTS (SELECT 1 FROM dbo.RETAILOFFLINEPROFILESCOPES WHERE PROFILEID = @profile AND SCOPEID = @scope)',
      'BEGIN',
      '  SET @link = @link + 1;',
      '  INSERT INTO dbo.RETAILOFFLINEPROFILESCOPES (RECID, PROFILEID, SCOPEID) VALUES (@link, @profile, @scope);',
      'END;',
      ...scope.tables.flatMap((table) => tableStatements(table)),
    ].join('\n');
  });
  const name = quoteString(storedName(profile.name));
  return {
    sql: `SET XACT_ABORT ON; SET NOCOUNT ON;
BEGIN TRANSACTION;
DECLARE @next bigint, @link bigint, @profile bigint, @scope bigint, @table bigint;
SELECT @next = MIN(RECID) FROM (
  SELECT RECID FROM dbo.RETAILOFFLINEPROFILE WITH (UPDLOCK, HOLDLOCK) UNION ALL SELECT RECID FROM dbo.RETAILOFFLINESCOPE
  UNION ALL SELECT RECID FROM dbo.RETAILOFFLINETABLE UNION ALL SELECT ${firstRecordId + 1}
) AS used;
SET @next = CASE WHEN @next <= ${firstRecordId} THEN @next - 1 ELSE ${firstRecordId} END;
-- The order of the scopes and of their tables is the order of these ids: they count upwards.
SELECT @link = MAX(RECID) FROM (
  SELECT RECID FROM dbo.RETAILOFFLINEPROFILESCOPES WHERE RECID < 0 UNION ALL
  SELECT RECID FROM dbo.RETAILOFFLINESCOPETABLES WHERE RECID < 0 UNION ALL SELECT -1000000000
) AS used;
SET @profile = (SELECT MIN(RECID) FROM dbo.RETAILOFFLINEPROFILE WHERE NAME = ${name});
IF @profile IS NULL
BEGIN
  SET @profile = @next; SET @next = @next - 1;
  INSERT INTO dbo.RETAILOFFLINEPROFILE (RECID, NAME, DESCRIPTION) VALUES (@profile, ${name}, ${quoteString(profile.description)});
END;
${scopes.join('\n')}
COMMIT TRANSACTION;`,
    line: 0,
  };
}

/** A table that stands in another scope already stays there: it can only be in one. */
function tableStatements(table: string): readonly string[] {
  const name = quoteString(table);
  return [
    `SET @table = (SELECT MIN(RECID) FROM dbo.RETAILOFFLINETABLE WHERE TABLENAME = ${name});`,
    'IF @table IS NULL',
    'BEGIN',
    '  SET @table = @next; SET @next = @next - 1;',
    `  INSERT INTO dbo.RETAILOFFLINETABLE (RECID, TABLENAME) VALUES (@table, ${name});`,
    'END;',
    'IF NOT EXISTS (SELECT 1 FROM dbo.RETAILOFFLINESCOPETABLES WHERE SYNCTABLEID = @table)',
    'BEGIN',
    '  SET @link = @link + 1;',
    '  INSERT INTO dbo.RETAILOFFLINESCOPETABLES (RECID, SCOPEID, SYNCTABLEID) VALUES (@link, @scope, @table);',
    'END;',
  ];
}
