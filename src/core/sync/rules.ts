/**
 * The rules that keep rows from being lost or doubled, as switches: a test turns each one off and must then find a
 * history that goes wrong. The product only ever uses `soundRules`.
 */
export type Rules = {
  readonly bound: 'committed' | 'latest';
  readonly suppressesEcho: boolean;
  readonly deletesFirst: boolean;
  readonly anchorsWithRows: boolean;
};

export const soundRules: Rules = {
  bound: 'committed',
  suppressesEcho: true,
  deletesFirst: true,
  anchorsWithRows: true,
};
