import type { Writable } from 'node:stream';

/** Where a pack is written; nothing stands under its name before it is whole. */
export type PackTarget = {
  /** Where, for messages. */
  readonly place: string;
  /** Begins a file; the one before it must have been ended. A failure is told by the next write and by `end`. */
  begin(name: string): Promise<Writable>;
  /** Waits until the file that was begun last is written. */
  end(): Promise<void>;
  /** Gives the pack its name. */
  finish(): Promise<void>;
  /** Removes what was written so far. */
  abandon(): Promise<void>;
};

/** How files get to the disk; tests make it full. */
export type FileWriter = (path: string) => Writable;
