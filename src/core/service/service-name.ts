/**
 * The name of the service of a register, for Windows and systemd alike: `storedb-houston-1`. Registers whose ids
 * differ in case only are the same to SQL Server and get one name; what neither of the two allows in a name becomes
 * `_` and its UTF-8 bytes in hex, so that different registers never share one.
 */
export function serviceNameOf(registerId: string): string {
  const safe = registerId
    .toLowerCase()
    .replace(/[^a-z0-9-]/gu, (character) => `_${Buffer.from(character, 'utf8').toString('hex')}`);
  return `storedb-${safe}`;
}

/** Whether a text can be the name of one of our services: it becomes a part of paths. */
export const isServiceName = (text: string): boolean => /^storedb-[a-z0-9_-]+$/.test(text);
