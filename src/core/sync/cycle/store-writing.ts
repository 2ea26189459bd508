import { ExpectedError } from '../../errors.ts';
import { deployerResource } from '../../plan/lock.ts';
import type { Course } from './course.ts';
import { busyFinding, releaseDeployers, takeDeployers } from './locks.ts';

/**
 * A set-up of the store must not run while rows are written to it: a script that makes a table anew would leave behind
 * what came between its copying and its dropping. Several registers write at once. Throws ExpectedError
 * `set-up-running` when one is at work.
 */
export async function* whileStoreIsWritten<Event, Result>(
  { store }: Course,
  work: () => AsyncGenerator<Event, Result>,
  signal: AbortSignal,
): AsyncGenerator<Event, Result> {
  const { side, control } = store;
  const [row] = await control.session.query<{ setUp: number }>(
    `SET NOCOUNT ON; ${takeDeployers(control, side, 'Shared')} SELECT @setUp AS setUp`,
    {},
    signal,
  );
  if ((row?.setUp ?? -1) < 0) {
    const finding = await busyFinding(control, 'store-set-up', deployerResource(side.database), signal);
    throw new ExpectedError({ ...finding, exit: 'locked' });
  }
  try {
    return yield* work();
  } finally {
    // A session that is gone has given it back.
    if (!side.isLost) await control.session.query(releaseDeployers(control, side));
  }
}
