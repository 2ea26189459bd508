/**
 * Remembers which certificate of a server was accepted, as the SHA-256 of the certificate (`4F:19:...`). The key is
 * that of `serverKey`: one server, one certificate.
 */
export type PinStore = {
  find(serverKey: string): Promise<string | undefined>;
  keep(serverKey: string, fingerprint: string): Promise<void>;
};

/** Pins for one process: nothing outlives it. */
export function memoryPins(pins: ReadonlyMap<string, string> = new Map()): PinStore {
  const kept = new Map(pins);
  return {
    find: async (key) => kept.get(key),
    keep: async (key, fingerprint) => {
      kept.set(key, fingerprint);
    },
  };
}

/** The first four bytes of a fingerprint: enough to compare by eye on the telephone. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.split(':').slice(0, 4).join(':');
}
