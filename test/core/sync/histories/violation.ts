/** A promise of the synchronisation that a history saw broken. */
export class Violation extends Error {
  readonly promise: string;

  constructor(promise: string, what: string) {
    super(`${promise}: ${what}`);
    this.promise = promise;
  }
}

export function demand(holds: boolean, promise: string, what: () => string): void {
  if (!holds) throw new Violation(promise, what());
}
