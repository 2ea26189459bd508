import { type Command, Option } from 'commander';
import { type ExitName, ExpectedError } from '../../core/errors.ts';
import type { GlobalOptions } from '../global-options.ts';

type Choose = (run: (globals: GlobalOptions) => Promise<ExitName>) => void;

const collect = (value: string, earlier: readonly string[]) => [...earlier, value];
const ids = (text: string): readonly string[] =>
  text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');

/** Options that load, export and status take alike. */
const withCommon = (command: Command): Command =>
  command
    .option('--answers <file>', 'the answers that name the store database')
    .option('--set <key=value>', 'override one answer, never a password (may be repeated)', collect, [])
    .option('--jobs <ids>', 'only these scheduler jobs: N-1000,N-1010', ids)
    .option('--json', 'JSON instead of lines');

/** `distribute PACK`, `distribute --status` and `distribute export`. */
export function describeDistribute(distribute: Command, choose: Choose): void {
  withCommon(distribute.description('load a pack of initial data into the store database'))
    .argument('[pack]', 'the folder or zip file of the pack')
    .option('--dry-run', 'read and check everything, tell what would change, change nothing')
    .option('--status', 'what has come to the store database, job by job')
    .action((pack, { answers, set, jobs, json, dryRun, status }) =>
      choose(async (globals) => {
        const common = { answers: required(answers), set, json: json === true };
        if (status === true) return (await import('./status.ts')).status(common, globals);
        if (pack === undefined)
          throw misuse('No pack is named.', 'Give its folder or zip file, or --status to see what has come.');
        const options = { ...common, pack, jobs, isDryRun: dryRun === true };
        return (await import('./load.ts')).load(options, globals);
      }),
    );
  withCommon(
    distribute.command('export <target>').description('make a pack of a store database, which is only read'),
  )
    .addOption(new Option('--format <name>', 'of the files').choices(['csv', 'ndjson']).default('csv'))
    .option('--gzip', 'compress each file (a name that ends in .zip makes one compressed file)')
    // The options of `distribute` itself are known here too, whichever side of the word they stand on.
    .action((target, _options, command: Command) =>
      choose(async (globals) => {
        const { answers, set, jobs, json, format, gzip } = command.optsWithGlobals();
        return (await import('./export.ts')).exportToPack(
          { target, answers: required(answers), set, jobs, format, gzip: gzip === true, json: json === true },
          globals,
        );
      }),
    );
}

function required(answers: string | undefined): string {
  if (answers !== undefined) return answers;
  throw misuse('No answers are named.', 'Say which store database with --answers FILE.');
}

const misuse = (message: string, hint: string) =>
  new ExpectedError({ code: 'arguments', exit: 'usage', message, hint });
