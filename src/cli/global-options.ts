/** Options that every command takes. */
export type GlobalOptions = {
  /** A practice server takes the place of every server in the answers. */
  readonly practice: boolean;
  readonly isColourless: boolean;
  readonly ascii: boolean;
  readonly plain: boolean;
  readonly logDir: string | undefined;
};
