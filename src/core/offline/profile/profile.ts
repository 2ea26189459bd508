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

/**
 * The name as RETAILOFFLINEPROFILE.NAME (nvarchar(10)) can hold it: the documented name "Default pr." has eleven
 * characters, so names are written and compared by their first ten.
 */
export const storedName = (name: string): string => name.trim().slice(0, 10).trimEnd();

export type OfflineProfile = {
  /** As it is called in the documentation and in the answers: "Default pr.". See `storedName`. */
  readonly name: string;
  readonly description: string;
  /** In the order in which they are synchronised. */
  readonly scopes: readonly OfflineScope[];
};
