import { ExpectedError } from '../../errors.ts';
import type { Finding } from '../../plan/plan.ts';
import { describeFailure, SqlFailure } from '../../sql/failures.ts';
import { notProvisioned } from '../cycle/enter.ts';
import type { SyncLink } from '../cycle/link.ts';
import { readSideText } from '../cycle/read-side.ts';
import { type SideFound, setsOfSide, sideFound } from '../cycle/side-found.ts';
import type { Control, SyncSide } from '../cycle/side-link.ts';
import { soundRules } from '../rules.ts';
import { type Recorded, recordedOf, recordedText } from './recorded-runs.ts';

/** A side as it answers, or why it does not. */
export type Looked =
  | { readonly control: Control; readonly found: SideFound; readonly recorded: Recorded }
  | { readonly finding: Finding; readonly isReachable: boolean };

/** Reads what a cycle would, without its locks, and what is written down; `isPeer` finds the other side there. */
export async function lookAt(
  { sides, input }: SyncLink,
  name: SyncSide,
  isPeer: string,
  signal: AbortSignal,
): Promise<Looked> {
  const side = sides[name];
  try {
    const control = await side.control(signal);
    const text = `SET NOCOUNT ON;\n${readSideText(control.abilities, isPeer, soundRules)}\n${recordedText}`;
    const sets = await control.session.queries(text, { registerId: input.ids.registerId }, signal);
    return { control, found: sideFound(sets), recorded: recordedOf(sets.slice(setsOfSide)) };
  } catch (error) {
    if (signal.aborted || !(error instanceof ExpectedError || error instanceof SqlFailure)) throw error;
    const isMissing = error instanceof SqlFailure && error.number === 208;
    const known = isMissing ? notProvisioned(side) : error;
    const isAway = known instanceof ExpectedError && known.exit === 'connection';
    return { finding: describeFailure(known, {}), isReachable: !isAway };
  }
}
