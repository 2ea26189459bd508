import type { Draft } from '../../core/steps/index.ts';
import type { Failure } from './failure.ts';

/** A scheduler job in the eyes of whoever waits for its data. */
export type ArrivingJob = {
  readonly name: string;
  readonly verdict: 'filled' | 'empty' | 'not-used';
  /** Of the company, in all tables of the job. */
  readonly rows: number;
  /** Tables that must not be empty and are. */
  readonly empty: readonly string[];
};

/** A pack that lies on the stick. */
export type FoundPack = { readonly path: string; readonly words: string };

/** The wait for the initial data of a store database. */
export type ArrivingData = {
  /** News of an earlier one carry another number and are dropped. */
  readonly id: number;
  readonly since: number;
  /** Undefined until the first look. */
  readonly jobs: readonly ArrivingJob[] | undefined;
  readonly isComplete: boolean;
  readonly packs: readonly FoundPack[];
  /** A pack is being loaded, and how far that has come. */
  readonly loading?: { readonly words: string } | undefined;
  /** Why the pack was not loaded. */
  readonly failure?: Failure | undefined;
  /** Why the last look failed; it is tried again. */
  readonly trouble?: Failure | undefined;
};

/** What is reported to whoever waits. */
export type InitialDataAction =
  | {
      readonly kind: 'initial-data-read';
      readonly id: number;
      readonly jobs: readonly ArrivingJob[];
      readonly isComplete: boolean;
    }
  | { readonly kind: 'initial-data-unread'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'packs-found'; readonly id: number; readonly packs: readonly FoundPack[] }
  | { readonly kind: 'pack-progress'; readonly id: number; readonly words: string }
  | { readonly kind: 'pack-loaded'; readonly id: number; readonly failure?: Failure | undefined };

/** What the wait asks of the host. */
export type InitialDataEffect =
  /** Looks again and again what has come to the store database. */
  | { readonly kind: 'watch-initial-data'; readonly id: number; readonly draft: Draft }
  | { readonly kind: 'load-pack'; readonly id: number; readonly path: string; readonly draft: Draft }
  /** Ends the watching, and a load that is at work. */
  | { readonly kind: 'stop-watching' };
