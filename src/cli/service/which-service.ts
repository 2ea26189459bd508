import { ExpectedError } from '../../core/errors.ts';
import type { Machine } from '../../core/service/machine/machine.ts';
import { isServiceName, serviceNameOf } from '../../core/service/service-name.ts';
import { readAnswers } from '../read-answers.ts';

/**
 * The service that is meant: by its name, by the answers of its register, or the only one of the computer. Throws
 * ExpectedError that lists what there is.
 */
export async function whichService(named: string | undefined, machine: Machine): Promise<string> {
  if (named !== undefined) return isServiceName(named) ? named : serviceNameOf(await registerOf(named));
  const names = await machine.configurations.names();
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined)
    throw new ExpectedError({
      code: 'service-missing',
      exit: 'prerequisite',
      message: `No service of storedb is installed on this computer, or this account may not see it (${machine.places.configurations}).`,
      hint: 'Run this as an administrator, or install one: storedb service install ANSWERS',
    });
  throw new ExpectedError({
    code: 'service-not-named',
    exit: 'usage',
    message: `This computer has several services: ${names.join(', ')}.`,
    hint: `Name one, for example: storedb service status ${only}`,
  });
}

async function registerOf(file: string): Promise<string> {
  const { identification } = await readAnswers(file, []);
  const register = identification?.registerId;
  if (register !== undefined) return register;
  throw new ExpectedError({
    code: 'no-register',
    exit: 'answers',
    message: `${file} is not about a register.`,
    hint: 'Give the answers by which the register was set up, or the name of the service.',
  });
}
