import { ExpectedError } from '../errors.ts';
import type { SetupInput } from '../plan/setup.ts';
import { registerIdsOf } from '../plan/tasks/refuse-store.ts';
import { readServiceReport } from '../service/health/report.ts';
import { serviceNameOf } from '../service/service-name.ts';
import { checksOf } from './checks.ts';
import type { Check } from './events.ts';

const say = checksOf('synchronisation');

/** Whether something moves rows by itself on this computer: the service of the register, installed and at work. */
export async function checkService(input: SetupInput, isPracticeServer: boolean): Promise<Check> {
  const { machine, answers, clock } = input;
  const service = serviceNameOf(registerIdsOf(answers).registerId);
  if (!answers.options.startService)
    return say.warning(
      'service',
      'No service is wanted here (options.startService): nothing moves rows by itself.',
      'Let something run "storedb sync run ANSWERS", or answer options.startService: true and apply.',
    );
  const absent = isPracticeServer
    ? say.warning(
        'service',
        'No service is installed for a practice server: nothing moves rows by itself.',
        'Run "storedb sync once ANSWERS" to move them, or "storedb service install ANSWERS" to try the service.',
      )
    : say.failed(
        'service',
        `The service ${service} is not installed: nothing moves rows by itself.`,
        'Install it: storedb service install ANSWERS',
      );
  if (machine === undefined) return absent;
  try {
    const hindrance = await machine.manager.hindrance();
    if (hindrance !== undefined && hindrance.code !== 'administrator-needed')
      return isPracticeServer ? absent : say.warning('service', hindrance.message, hindrance.hint);
    const { managed, verdict, message, hint } = await readServiceReport(machine, service, clock.now());
    if (managed === undefined) return absent;
    return verdict === 'well' ? say.ok('service', message) : say.failed('service', message, hint);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return say.warning('service', error.message, error.hint);
  }
}
