import type { Finding } from '../../plan/plan.ts';
import type { DatabaseSize } from './side-found.ts';

/** Sales go on needing room when prices have stopped coming. */
const reservedMb = 512;

/** Rows do not come to a register whose Express database is almost full; its own sales go up as before. */
export function noRoomFinding(size: DatabaseSize | undefined): Finding | undefined {
  if (size?.limitMb === undefined || size.usedMb < size.limitMb - reservedMb) return undefined;
  return {
    code: 'offline-database-full',
    message: `The offline database holds ${size.usedMb} MB of the ${size.limitMb} MB that its edition allows: rows do not come down any more; sales still go up.`,
    hint: 'Have old sales purged from the register, or tables taken out of its offline profile.',
  };
}
