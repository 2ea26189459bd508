/** Days. Parked rows that nobody has dealt with stay for ever. */
export const retentionDays = { runs: 14, resolvedConflicts: 90, tombstones: 30 } as const;

/** Rows removed by one statement, so that a till does not wait long; the rest goes the next time. */
export const removedAtOnce = 5000;
