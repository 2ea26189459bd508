import { type ExitName, ExpectedError } from '../../core/errors.ts';
import { plainLine, readLog } from '../../core/service/log/read-log.ts';
import { memoryPins } from '../../core/sql/pins.ts';
import { print } from '../lost-output.ts';
import { thisMachine } from './this-machine.ts';
import { whichService } from './which-service.ts';

/** `storedb service logs`: the end of the service's log, for people or as it is. */
export async function logs(named: string | undefined, lines: string, json: boolean): Promise<ExitName> {
  const count = Number(lines);
  if (!Number.isInteger(count) || count < 1)
    throw new ExpectedError({
      code: 'lines',
      exit: 'usage',
      message: `--lines ${lines} is not a number of lines.`,
      hint: 'Write for example --lines 200.',
    });
  const machine = await thisMachine(memoryPins());
  const service = await whichService(named, machine);
  const folder = machine.places.logs(service);
  const found = await readLog(folder, count).catch((error: NodeJS.ErrnoException) => {
    throw new ExpectedError({
      code: 'service-log-unreadable',
      exit: 'prerequisite',
      message: `The log of ${service} in ${folder} cannot be read (${error.code}).`,
      hint: 'Run this as an administrator (on Linux: with sudo).',
      cause: error,
    });
  });
  const text = found.map((line) => (json ? line : plainLine(line))).join('\n');
  await print(text === '' ? `${service} has no log yet in ${folder}.\n` : `${text}\n`);
  return 'done';
}
