import type { WindowTable } from './order.ts';

/** Why the changes since the anchor do not suffice. */
export type WholeReason = 'first' | 'marked' | 'tracking-gap' | 'cleaned-up' | 'other-columns';

/**
 * Why a table is compared as a whole; undefined = from its anchor on. `schemaHash` is that of the columns that travel
 * now.
 */
export function wholeReason(
  { anchor, trackingId, cleanedUpTo }: Pick<WindowTable, 'anchor' | 'trackingId' | 'cleanedUpTo'>,
  schemaHash: string,
): WholeReason | undefined {
  if (anchor === undefined) return 'first';
  if (anchor.state !== 'incremental') return 'marked';
  if (anchor.trackingId.toUpperCase() !== trackingId.toUpperCase()) return 'tracking-gap';
  if (anchor.timestamp < cleanedUpTo) return 'cleaned-up';
  return anchor.schemaHash === schemaHash ? undefined : 'other-columns';
}
