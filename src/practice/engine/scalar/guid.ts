/** uniqueidentifier: its text, its bytes and its odd order. */

const pattern = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/i;

/** The canonical upper-case text; undefined when the text does not begin with a uniqueidentifier. What follows it is ignored, as on the server. */
export function parseGuid(text: string): string | undefined {
  const match = pattern.exec(text);
  if (!match?.[1]) return undefined;
  if (text.startsWith('{') && text.charAt(match[0].length) !== '}') return undefined;
  return match[1].toUpperCase();
}

/** The 16 bytes as they are stored: the first three groups little-endian. */
export function guidBytes(guid: string): Buffer {
  const hex = Buffer.from(guid.replaceAll('-', ''), 'hex');
  hex.subarray(0, 4).reverse();
  hex.subarray(4, 6).reverse();
  hex.subarray(6, 8).reverse();
  return hex;
}

/** The text of 16 stored bytes; missing bytes are zero. */
export function guidOfBytes(data: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.set(data.subarray(0, 16));
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  const hex = bytes.toString('hex').toUpperCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * Orders by the last group first, then the fourth, and within the first three from the last byte stored.
 * https://learn.microsoft.com/dotnet/framework/data/adonet/sql/comparing-guid-and-uniqueidentifier-values
 */
const groupOrder = [10, 11, 12, 13, 14, 15, 8, 9, 6, 7, 4, 5, 0, 1, 2, 3];

/** Negative, zero or positive, in the order of SQL Server. */
export function compareGuids(left: string, right: string): number {
  if (left === right) return 0;
  const leftBytes = guidBytes(left);
  const rightBytes = guidBytes(right);
  for (const index of groupOrder) {
    const difference = (leftBytes[index] ?? 0) - (rightBytes[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
