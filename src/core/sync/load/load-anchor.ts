import { ExpectedError } from '../../errors.ts';
import { anchorTable } from '../../offline/tracking/names.ts';
import { fold } from '../../plan/detect/ask.ts';
import { SqlFailure } from '../../sql/failures.ts';
import { quoteString } from '../../sql/identifiers.ts';
import { type RowVersion, rowVersionText } from '../window/enumerate.ts';
import type { OpenTable } from '../window/open-tables.ts';
import type { Anchor } from '../window/order.ts';
import { anchorMovedCode } from '../window/transient.ts';

export type LoadAnchor = Anchor;

export type AnchorMove = {
  readonly sourceId: number;
  readonly table: string;
  /** undefined = there is none yet. */
  readonly from: LoadAnchor | undefined;
  readonly to: LoadAnchor;
};

const moved = 'storedb: another run moved the anchor';

/**
 * T-SQL for the end of a transaction: moves the anchor from where it was and commits; ends the transaction rolled back
 * when it stands elsewhere.
 */
export function moveAndCommit(move: AnchorMove): string {
  return `${moveAnchor(move)}
IF @@ROWCOUNT <> 1 BEGIN ROLLBACK TRANSACTION; RAISERROR(N'${moved}', 16, 1); RETURN; END;
COMMIT TRANSACTION;`;
}

function moveAnchor({ sourceId, table, from, to }: AnchorMove): string {
  const values = {
    Timestamp: rowVersionText(to.timestamp),
    State: `'${to.state}'`,
    ResumeKey: textOrNull(to.resumeKey),
    SchemaHash: quoteString(to.schemaHash),
    TrackingId: quoteString(to.trackingId),
    UpdatedUtc: 'GETUTCDATE()',
  };
  if (from === undefined)
    return `INSERT INTO ${anchorTable} (PeerId, TableName, ${Object.keys(values).join(', ')})
SELECT ${sourceId}, ${quoteString(table)}, ${Object.values(values).join(', ')}
WHERE NOT EXISTS (SELECT 1 FROM ${anchorTable} WITH (UPDLOCK, HOLDLOCK) WHERE PeerId = ${sourceId} AND TableName = ${quoteString(table)});`;
  return `UPDATE ${anchorTable} SET ${Object.entries(values)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ')}
WHERE PeerId = ${sourceId} AND TableName = ${quoteString(table)} AND State = '${from.state}'
  AND Timestamp = ${rowVersionText(from.timestamp)} AND ${isResumeKey(from.resumeKey)};`;
}

const textOrNull = (text: string | undefined): string => (text === undefined ? 'NULL' : quoteString(text));

/** By bytes: a collation would take another key for the same. */
const isResumeKey = (text: string | undefined): string =>
  text === undefined
    ? 'ResumeKey IS NULL'
    : `CAST(ResumeKey AS varbinary(max)) = CAST(${quoteString(text)} AS varbinary(max))`;

/** What `moveAndCommit` raised, as the window calls it; other errors as they are. */
export function anchorFailure(error: unknown, table: string): unknown {
  if (!(error instanceof SqlFailure) || error.serverMessage !== moved) return error;
  return new ExpectedError({
    code: anchorMovedCode,
    exit: 'failedPartWay',
    message: `Another run has loaded rows of ${table} meanwhile.`,
    hint: 'Nothing to do: the next run goes on from where that one has come.',
    details: { table },
    cause: error,
  });
}

/** Of a load that begins: its rows are read after `upper` was, so changes up to there are in them. */
export const firstAnchor = (
  upper: RowVersion,
  { schemaHash, trackingId }: Pick<LoadAnchor, 'schemaHash' | 'trackingId'>,
): LoadAnchor => ({ timestamp: upper, state: 'initial', resumeKey: undefined, schemaHash, trackingId });

/** Whether what an interrupted load had found when it began is still so. */
export const stillHolds = (
  anchor: LoadAnchor | undefined,
  { trackingId, schemaHash, cleanedUpTo }: Pick<OpenTable, 'trackingId' | 'schemaHash' | 'cleanedUpTo'>,
): anchor is LoadAnchor =>
  anchor?.state === 'initial' &&
  fold(anchor.trackingId) === fold(trackingId) &&
  anchor.schemaHash === schemaHash &&
  anchor.timestamp >= cleanedUpTo;
