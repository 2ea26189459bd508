import type { DriverSession } from '../../sql/mssql-session.ts';
import type { SessionSource } from './order.ts';

/** Lends a session for as long as the work takes. */
export async function borrowed<Result>(
  sessions: SessionSource,
  signal: AbortSignal,
  work: (session: DriverSession) => Promise<Result>,
): Promise<Result> {
  const session = await sessions.take(signal);
  try {
    return await work(session);
  } finally {
    sessions.giveBack(session);
  }
}
