import { afterAll, afterEach, beforeAll } from 'vitest';
import { Workplace } from './storedb.ts';
import { Terminal } from './terminal.ts';

/** storedb in terminals over one workplace; each ends with its test. */
export type Terminals = {
  readonly place: Workplace;
  open(args: readonly string[]): Terminal;
};

export function terminalForEachTest(): Terminals {
  let place: Workplace;
  let opened: Terminal | undefined;
  beforeAll(async () => {
    place = await Workplace.make();
  });
  afterEach(() => {
    opened?.child.kill('SIGKILL');
  });
  afterAll(() => place.remove());
  return {
    get place() {
      return place;
    },
    open(args) {
      opened = new Terminal(place, args);
      return opened;
    },
  };
}
