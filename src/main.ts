import { exitCodes } from './core/errors.ts';
import { version } from './version.ts';

// Everything is loaded after this point, so that `--version` is instant and colours are decided before chalk looks.
const args = process.argv.slice(2);

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else if (Number.parseInt(process.versions.node, 10) < 26) {
  // Only the bundle can meet this: the executable carries its Node, and the npm scripts use the project's own.
  process.stderr.write(
    `storedb needs Node 26 or later; this is ${process.version}. Run it with "npm start --".\n`,
  );
  process.exitCode = exitCodes.prerequisite.code;
} else {
  const { env } = process;
  const isColourless =
    env.NO_COLOR !== undefined ||
    env.TERM === 'dumb' ||
    args.includes('--no-color') ||
    args.includes('--json');
  if (isColourless) env.FORCE_COLOR = '0';
  const [{ runCommandLine }, { surviveLostOutput }] = await Promise.all([
    import('./cli/command-line.ts'),
    import('./cli/lost-output.ts'),
  ]);
  surviveLostOutput();
  process.exitCode = await runCommandLine(args);
}
