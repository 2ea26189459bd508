/** Where a table's rows are. The engine owns this; the catalog reads only `rowCount`. */
export type TableStorage = {
  /** Rows as the newest transactions left them, committed or not. */
  readonly rowCount: number;
};
