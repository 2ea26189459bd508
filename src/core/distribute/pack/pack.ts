import type { Readable } from 'node:stream';
import type { Manifest } from './manifest.ts';

/** A pack of initial data that lies somewhere, with its manifest read. */
export type Pack = {
  /** Where it lies, for messages. */
  readonly place: string;
  readonly manifest: Manifest;
  /** A file of the manifest as it is stored. */
  open(name: string): Promise<Readable>;
  /** Set for the sample of an invented shop, and for nothing else. */
  readonly sample?: Sample | undefined;
};

/**
 * The sample is loaded under the ids of any answers and into any schema: columns and tables that are not there are left
 * out, which no shop's own data may be.
 */
export type Sample = {
  /** What a text of the sample says instead. */
  readonly standIns: ReadonlyMap<string, string>;
};

/** The files below a pack's manifest, wherever they lie. */
export type PackSource = Pick<Pack, 'open'>;
