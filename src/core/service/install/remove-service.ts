import type { OperationContext, Outcome, Performer, Progress } from '../../plan/operation.ts';
import type { Action, DatabaseTarget } from '../../plan/plan.ts';
import type { Machine } from '../machine/machine.ts';
import { machineOf } from './install-service.ts';

/** Takes the service of a register from this computer. */
export type RemoveService = { readonly kind: 'remove-service'; readonly service: string };

/**
 * Stops the service, takes it away, puts back the services that it had taken the place of, and forgets its passwords
 * and its configuration; that last, because it is what knows the rest. Its log and health stay. Gives what was put back.
 */
export async function removeService(machine: Machine, service: string): Promise<readonly string[]> {
  const { manager, configurations, secrets } = machine;
  const configuration = await configurations.find(service).catch(() => undefined);
  if ((await manager.find(service)) !== undefined) await manager.stop(service);
  await manager.uninstall(service);
  const former = configuration?.former ?? [];
  for (const each of former) await manager.restore(each);
  await secrets.remove(service);
  await configurations.remove(service);
  return former.map(({ displayName }) => displayName);
}

export const removeServiceOperation: Performer<RemoveService> = async function* (
  { service }: RemoveService,
  context: OperationContext,
): AsyncGenerator<Progress, Outcome> {
  await removeService(machineOf(context), service);
  context.hasChanged();
  yield { done: 1, total: 1, unit: 'services' };
  return { outcome: 'done' };
};

/** What takes the service away, where there is one: before anything else, because it works with what is removed then. */
export function removalActions(service: string | undefined, target: DatabaseTarget): readonly Action[] {
  if (service === undefined) return [];
  return [
    {
      id: 'remove-service',
      kind: 'operation',
      title: `Stop the service ${service} and take it away`,
      risk: 'changes',
      need: 'necessary',
      target,
      operation: { kind: 'remove-service', service },
      describes: [
        'stop it, remove its entry, its passwords and its configuration; put back what it replaced',
      ],
    },
  ];
}
