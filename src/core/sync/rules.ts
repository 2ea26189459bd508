/**
 * The rules that keep rows from being lost or doubled, as switches: a test turns each one off and must then find a
 * history that goes wrong. The product only ever uses `soundRules`.
 */
export type Rules = {
  readonly bound: 'committed' | 'latest';
  readonly suppressesEcho: boolean;
  readonly deletesFirst: boolean;
  /** In one transaction; without it the anchors are saved before the rows. */
  readonly anchorsWithRows: boolean;
  /** A window is read again when its tables were changed while they were read. */
  readonly readsTogether: boolean;
  /** Without it, a restored database shows only by an anchor above all that it has given out. */
  readonly comparesTokens: boolean;
  /** Tracking rows go when every live register has got them; without it, when one has. */
  readonly waitsForLate: boolean;
  /** What is gone of the tracking is written down where it went. */
  readonly recordsCleanup: boolean;
};

export const soundRules: Rules = {
  bound: 'committed',
  suppressesEcho: true,
  deletesFirst: true,
  anchorsWithRows: true,
  readsTogether: true,
  comparesTokens: true,
  waitsForLate: true,
  recordsCleanup: true,
};
