import type { ConflictDetail, ConflictSummary } from '../core/sync/conflicts/index.ts';
import type { SyncStatus } from '../core/sync/index.ts';
import type { Failure, WizardState } from './wizard.ts';

/** What the synchronisation of a register does, looked at again and again. */
export type Monitor = {
  /** Reports of an earlier watch carry another number and are dropped. */
  readonly id: number;
  readonly since: number;
  /** The last look; undefined until the first one has come. */
  readonly status?: SyncStatus | undefined;
  /** Why the newest look gave nothing; the status before it stays. */
  readonly failure?: Failure | undefined;
  /** The scope that has the attention, from 0. */
  readonly choice: number;
  /** Lies over the scopes. */
  readonly parked?: Parked | undefined;
};

/** The parked rows: a list, over it one of them, over that the question whether it is given up. */
export type Parked = {
  /** Undefined while they are asked for. */
  readonly rows?: readonly ConflictSummary[] | undefined;
  readonly choice: number;
  readonly shown?: ConflictDetail | undefined;
  readonly question?: { readonly choice: number } | undefined;
};

/** The monitor's screens, each with keys of its own. */
export const monitorScreens = ['monitor', 'parked', 'parked-row', 'accept'] as const;
export type MonitorScreen = (typeof monitorScreens)[number];

/** Which of them is drawn. */
export function monitorScreen({ monitor }: Pick<WizardState, 'monitor'>): MonitorScreen {
  const { parked } = monitor ?? {};
  if (parked === undefined) return 'monitor';
  if (parked.question !== undefined) return 'accept';
  return parked.shown === undefined ? 'parked' : 'parked-row';
}

/** The parked row that has the attention. */
export function chosenParked({ monitor }: Pick<WizardState, 'monitor'>): ConflictSummary | undefined {
  const { parked } = monitor ?? {};
  return parked?.shown ?? parked?.rows?.[parked.choice];
}
