/** How this program is started: the executable, and the script that Node needs in development. */
export type OwnCommand = {
  readonly file: string;
  readonly args: readonly string[];
  readonly isPacked: boolean;
};

/** The packed executable is its own program; in development Node needs the script's name. */
export function ownCommand(): OwnCommand {
  const script = process.argv[1];
  const isPacked = script === undefined || /^(\/|[A-Z]:\\)snapshot[\\/]/i.test(script);
  return { file: process.execPath, args: isPacked ? [] : [script], isPacked };
}
