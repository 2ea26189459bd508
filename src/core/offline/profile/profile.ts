/** Which tables a register keeps, in which direction each travels, and in which order. */

export type SyncDirection = 'download' | 'upload' | 'bidirectional';

/** Tables that are synchronised together: a window of changes of a scope takes effect as a whole or not at all. */
export type OfflineScope = {
  /** RETAILOFFLINESCOPE.DESCRIPTION: unique, and what the technician reads. */
  readonly name: string;
  readonly direction: SyncDirection;
  /** Seconds between two runs; 0 = as often as the service runs. */
  readonly frequencySeconds: number;
  /** In the order in which they are written; deletions go in the reverse order. */
  readonly tables: readonly string[];
};

export type OfflineProfile = {
  /** RETAILOFFLINEPROFILE.NAME, at most 10 characters: "Default pr.". */
  readonly name: string;
  readonly description: string;
  /** In the order in which they are synchronised. */
  readonly scopes: readonly OfflineScope[];
};
