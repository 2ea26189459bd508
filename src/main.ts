import { version } from './version.ts';

// Everything is loaded after this point, so that `--version` is instant and colours are decided before chalk looks.
const args = process.argv.slice(2);

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  const { env } = process;
  const isColourless =
    env.NO_COLOR !== undefined ||
    env.TERM === 'dumb' ||
    args.includes('--no-color') ||
    args.includes('--json');
  if (isColourless) env.FORCE_COLOR = '0';
  const { runCommandLine } = await import('./cli/command-line.ts');
  process.exitCode = await runCommandLine(args);
}
