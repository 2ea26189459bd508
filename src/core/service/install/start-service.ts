import { ExpectedError } from '../../errors.ts';
import type { OperationContext, Outcome, Performer, Progress } from '../../plan/operation.ts';
import { machineOf } from './install-service.ts';
import { proveService } from './prove-service.ts';

/** Starts the service of a register, or starts it again so that it takes what was installed. */
export type StartService = { readonly kind: 'start-service'; readonly service: string };

export const startService: Performer<StartService> = async function* (
  { service }: StartService,
  context: OperationContext,
): AsyncGenerator<Progress, Outcome> {
  const machine = machineOf(context);
  const configuration = await machine.configurations.find(service);
  if (configuration === undefined)
    throw new ExpectedError({
      code: 'service-missing',
      exit: 'failedPartWay',
      message: `The configuration of ${service} has gone.`,
      hint: 'Run the same command again; it installs the service anew.',
    });
  const store = await context.open('store');
  const proof = proveService({ machine, configuration, store, clock: context.clock }, context.signal);
  context.hasChanged();
  for await (const { step, moving } of proof)
    yield moving === undefined
      ? { done: step, total: 3, unit: 'steps' }
      : { done: moving.rows, total: 0, unit: `rows of ${moving.table}` };
  return { outcome: 'done' };
};
