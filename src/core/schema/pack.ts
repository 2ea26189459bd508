import type { Batch } from '../plan/plan.ts';

/** One script of a pack, ready to run. */
export type PackScript = {
  /** Path inside the pack with forward slashes: '6.2.1.0/010-tables.sql'. It is what the journal knows it by. */
  readonly id: string;
  readonly version: string;
  /** What it does in plain words, from `-- title:` at its head; undefined where it does not say. */
  readonly title?: string | undefined;
  /** Of the normalised text, see hash.ts. */
  readonly sha256: string;
  /** False when its head says `-- tx: off`; then it must be safe to run again after an interruption. */
  readonly isTransactional: boolean;
  readonly batches: readonly Batch[];
};

/** The scripts of a schema, oldest version first; within a version in the order of the list. */
export type SchemaPack = {
  /** 'builtin' or 'customer': how the journal and messages name it. */
  readonly name: string;
  /** Where it came from, for messages: 'the built-in schema' or the folder. */
  readonly origin: string;
  readonly scripts: readonly PackScript[];
};

/** Reads the files of a pack. The executable carries the built-in pack inside itself, hence the port. */
export type PackFiles = {
  /**
   * The bytes of a file of the pack; `location` is 'builtin' or the folder of the answers, `path` has forward slashes
   * and never leaves the folder. Rejects with an error that has Node's `code` (ENOENT, EACCES, EISDIR, ...).
   */
  read(location: string, path: string): Promise<Uint8Array>;
};
