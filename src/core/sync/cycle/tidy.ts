import { ExpectedError } from '../../errors.ts';
import { conflictTable, syncRunTable } from '../../offline/tracking/names.ts';
import type { Finding } from '../../plan/plan.ts';
import { describeFailure, SqlFailure } from '../../sql/failures.ts';
import { type Course, registerSide, storeSide } from './course.ts';
import { removedAtOnce, retentionDays } from './retention.ts';
import { tidyRegisterTracking, tidyStoreTracking } from './tombstones.ts';

/**
 * Removes what nobody needs any more: old rows of the log and of the runs, resolved conflicts, and tracking rows that
 * every register has got. What cannot be done now is done by another cycle; the finding says why.
 */
export async function tidyUp(course: Course, signal: AbortSignal): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const work of [tidyRecords, tidyStoreTracking, tidyRegisterTracking])
    try {
      await work(course, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof ExpectedError || error instanceof SqlFailure)) throw error;
      findings.push({ ...describeFailure(error, {}), code: 'tidy-postponed' });
    }
  return findings;
}

async function tidyRecords(course: Course, signal: AbortSignal): Promise<void> {
  const { register, store } = { register: registerSide(course), store: storeSide(course) };
  const before = (days: number) => `DATEADD(day, -${days}, GETUTCDATE())`;
  const records = (peerId: number, delivered: string) => `
DELETE TOP (${removedAtOnce}) FROM ${syncRunTable} WHERE PeerId = ${peerId} AND FinishedUtc < ${before(retentionDays.runs)}${delivered};
DELETE TOP (${removedAtOnce}) FROM ${conflictTable} WHERE PeerId = ${peerId} AND ResolvedUtc < ${before(retentionDays.resolvedConflicts)};`;
  await store.session.query(
    `DELETE TOP (${removedAtOnce}) FROM dbo.RETAILOFFLINESYNCLOG WHERE TERMINAL = @registerId AND SYNCSTOPTIME < ${before(retentionDays.runs)};
${records(store.peerId, '')}`,
    { registerId: course.identity.register.registerId },
    signal,
  );
  // What the store has not got yet stays.
  await register.session.query(records(register.peerId, ' AND DeliveredUtc IS NOT NULL'), {}, signal);
}
