import type { Clock } from '../../../src/core/plan/clock.ts';

/** A clock that a test moves; whoever sleeps wakes when it has been moved far enough. */
export class ManualClock implements Clock {
  #elapsed = 0;
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  now(): Date {
    return new Date(Date.UTC(2026, 10, 27) + this.#elapsed);
  }

  elapsed(): number {
    return this.#elapsed;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ until: this.#elapsed + milliseconds, wake });
    });
  }

  advance(milliseconds: number): void {
    this.#elapsed += milliseconds;
    const due = this.#sleepers.filter(({ until }) => until <= this.#elapsed);
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#elapsed);
    for (const { wake } of due) wake();
  }
}
