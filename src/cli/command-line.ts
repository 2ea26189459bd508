import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ExpectedError, exitCodes } from '../core/errors.ts';
import { version } from '../version.ts';
import { describeDistribute } from './distribute/command.ts';
import type { GlobalOptions } from './global-options.ts';
import { setsOf, withSet } from './overrides.ts';
import { reportFailure } from './report-failure.ts';
import type { Run } from './run.ts';
import { describeService } from './service/command.ts';
import { describeSync } from './sync/commands.ts';

/** Reads the arguments, runs the one command they name, and gives the process' exit code. Never throws. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let chosen: Run = async (globals) => (await import('./wizard.ts')).wizard(globals);
  const program = describe((run) => {
    chosen = run;
  });
  try {
    program.parse(args, { from: 'user' });
    const exit = await chosen(globalOptions(program));
    return typeof exit === 'number' ? exit : exitCodes[exit].code;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.done.code : exitCodes.usage.code;
    return exitCodes[reportFailure(error)].code;
  }
}

function globalOptions(program: Command): GlobalOptions {
  const { practice, color, ascii, plain, logDir } = program.opts();
  return {
    practice: practice === true,
    isColourless: color === false,
    ascii: ascii === true,
    plain: plain === true,
    logDir,
  };
}

/** The commands of this version; what they do is loaded only when one is chosen. */
function describe(choose: (run: Run) => void): Command {
  const program = new Command('storedb')
    .description('Sets up the databases of a shop and keeps a register able to sell when the server is gone.')
    .version(version)
    .option('--practice', 'use a practice server instead of the servers of the answers')
    .option('--no-color', 'no colours')
    .option('--ascii', 'draw with plain ASCII')
    .option('--plain', 'ask line by line instead of drawing screens')
    .option('--log-dir <dir>', 'where the folder of this run goes')
    .helpOption('-h, --help', 'show this')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .showHelpAfterError('Run "storedb --help" for the commands.')
    .addHelpText('after', () => `\nWithout a command the wizard opens.\n\n${exitCodeTable()}`)
    // Without an action of its own, commander takes no command for a mistake and prints the help.
    .usage('[options] [command]')
    .argument('[words...]')
    .action(([word]: readonly string[]) => {
      if (word !== undefined) choose(async () => unknownCommand(word));
    });
  // Commander hands settings such as exitOverride only to commands that are made through the program.
  const command = (name: string) => program.command(name);

  withSet(
    command('apply <answers>').description(
      'set up what the answers say; run again to continue or to upgrade',
    ),
  )
    .option('--json', 'one JSON object a line')
    .option(
      '--plan <file>',
      'apply exactly this plan (from "plan --json"); refused when the server has changed',
    )
    .action((file, options) =>
      choose(async (globals) =>
        (await import('./apply.ts')).apply({ file, ...applyOptions(options) }, globals),
      ),
    );
  withSet(command('plan <answers>').description('what apply would do; changes nothing'))
    .option('--json', 'one JSON object')
    .option('--sql <file>', 'write the T-SQL there ("-" = print it)')
    .action((file, options) =>
      choose(async (globals) =>
        (await import('./plan.ts')).plan(
          { file, set: setsOf(options), json: options.json === true, sqlFile: options.sql },
          globals,
        ),
      ),
    );
  withSet(command('rehearse <answers>').description('the same run on a fresh practice server'))
    .option('--json', 'one JSON object a line')
    .action((file, options) =>
      choose(async (globals) =>
        (await import('./apply.ts')).apply(
          { file, ...applyOptions(options) },
          { ...globals, practice: true },
        ),
      ),
    );
  withSet(
    command('deprovision <answers>').description(
      'take a register out of the synchronisation; databases and rows stay',
    ),
  )
    .option('--json', 'one JSON object a line')
    .action((file, options) =>
      choose(async (globals) =>
        (await import('./apply.ts')).apply({ file, ...applyOptions(options), isRemoval: true }, globals),
      ),
    );
  withSet(command('doctor <answers>').description('diagnose connections and prerequisites; changes nothing'))
    .option('--json', 'one JSON object')
    .action((file, options) =>
      choose(async (globals) =>
        (await import('./doctor.ts')).doctor(
          { file, set: setsOf(options), json: options.json === true },
          globals,
        ),
      ),
    );
  withSet(command('verify <answers>').description('prove that a set-up works; changes nothing'))
    .option('--json', 'one JSON object a line')
    .action((file, options) =>
      choose(async (globals) =>
        (await import('./verify.ts')).verify(
          { file, set: setsOf(options), json: options.json === true },
          globals,
        ),
      ),
    );
  describeSync(command('sync').description('synchronise a register with its store'), choose);
  const answers = command('answers').description('the answers file');
  answers
    .command('schema')
    .description('print its JSON Schema')
    .action(() => choose(async () => (await import('./answers.ts')).printSchema()));
  answers
    .command('template [task]')
    .description('print a file to fill in (store-database, offline-database, register-connection)')
    .action((task) => choose(async () => (await import('./answers.ts')).printTemplate(task)));
  answers
    .command('profile [file]')
    .description('print the offline profile of a file of answers, or the one that comes with storedb')
    .action((file) => choose(async () => (await import('./answers.ts')).printProfile(file)));
  withSet(answers.command('check <file>').description('say what is wrong in a file')).action(
    (file, options) => choose(async () => (await import('./answers.ts')).check(file, setsOf(options))),
  );
  command('practice')
    .description('the practice server in the foreground, on this computer only')
    .addOption(
      new Option('--port <n>', 'the port; a free one when not given').argParser(port).default(0, 'free'),
    )
    .option('--json', 'first line: { server, user, password }')
    .option('--data <file>', 'keep the databases in this file instead of in memory')
    .option('--features', 'what it knows of T-SQL and what it refuses')
    .action((options) =>
      choose(async () =>
        (await import('./practice.ts')).practice({
          port: options.port,
          json: options.json === true,
          features: options.features === true,
          dataFile: options.data,
        }),
      ),
    );
  describeDistribute(command('distribute'), choose);
  describeService(command('service').description('the service that synchronises a register'), choose);
  return program;
}

/** Also what happens when somebody drops an answers file on the executable. */
function unknownCommand(word: string): never {
  const isFile = /\.(ya?ml|json)$/i.test(word);
  throw new ExpectedError({
    code: 'unknown-command',
    exit: 'usage',
    message: `There is no command ${word}.`,
    hint: isFile
      ? 'Put a command before the file: storedb plan FILE shows what would be done, storedb apply FILE does it.'
      : 'Run "storedb --help" for the commands.',
  });
}

function applyOptions(options: {
  json?: boolean;
  plan?: string;
  set: readonly string[];
  posConfig?: string;
}) {
  return { set: setsOf(options), json: options.json === true, planFile: options.plan };
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535)
    throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return number;
}

function exitCodeTable(): string {
  const rows = Object.values(exitCodes).map(
    ({ code, meaning }) => `  ${String(code).padStart(2)}  ${meaning}`,
  );
  return ['Exit codes:', ...rows].join('\n');
}
