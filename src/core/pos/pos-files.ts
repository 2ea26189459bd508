/** The files of POS, as the plan sees them; a type beside those who need it, so that tests need no disk. */
export type PosFiles = {
  /** The POS.exe.config in the folder where POS is usually installed; undefined where there is none. */
  findConfig(): Promise<string | undefined>;
  /** undefined = there is no such file. Throws what the file system says otherwise. */
  read(path: string): Promise<{ readonly bytes: Uint8Array; readonly isReadOnly: boolean } | undefined>;
  /**
   * Puts new content into the file at once or not at all, and keeps the old one beside it. Gives the path of the
   * backup. Throws what the file system says.
   */
  replace(path: string, bytes: Uint8Array, now: Date): Promise<string>;
};
