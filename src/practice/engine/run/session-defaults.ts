/** What a session is set to when it begins. */

/** SET options that are on for a new session, as ODBC and OLE DB clients turn them on. */
export const defaultOptions: readonly string[] = [
  'ansi_nulls',
  'ansi_null_dflt_on',
  'ansi_padding',
  'ansi_warnings',
  'arithabort',
  'concat_null_yields_null',
  'quoted_identifier',
];
