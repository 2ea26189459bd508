import type { OperationContext, Outcome, Performer, Progress } from '../../plan/operation.ts';
import { checkPlaced } from '../../windows/place-executable.ts';
import type { FormerService, MachineConfiguration } from '../machine/configuration.ts';
import type { Machine } from '../machine/machine.ts';
import { definitionOf } from './wanted.ts';

/** Puts the service of a register onto this computer, or brings it up to date. It is not started. */
export type InstallService = {
  readonly kind: 'install-service';
  readonly configuration: MachineConfiguration;
  /** The executable to copy; not given where the service runs what lies where it is. */
  readonly programSource?: string;
};

/** Stops a service of the original and keeps it from starting. */
export type RetireFormerService = { readonly kind: 'retire-former-service'; readonly former: FormerService };

/** In the order in which a service that is started in between finds what it needs. Each step replaces what was there. */
export const installService: Performer<InstallService> = async function* (
  { configuration, programSource }: InstallService,
  context: OperationContext,
): AsyncGenerator<Progress, Outcome> {
  const machine = machineOf(context);
  const secrets = context.serviceSecrets ?? new Map();
  const steps: readonly (() => Promise<void>)[] = [
    async () => {
      if (programSource !== undefined) await machine.placeProgram(programSource, configuration.program.file);
    },
    () => machine.configurations.write(configuration),
    () => machine.secrets.keep(configuration.service, secrets),
  ];
  for (const [index, step] of steps.entries()) {
    context.signal.throwIfAborted();
    await step();
    context.hasChanged();
    yield { done: index + 1, total: steps.length + 1, unit: 'steps' };
  }
  const [first] = await machine.manager.install(definitionOf(configuration, machine.places.platform));
  // Late, because a virus scanner takes its time to take a file away.
  if (programSource !== undefined)
    await checkPlaced(configuration.program.file, configuration.program.sha256);
  return first === undefined ? { outcome: 'done' } : { outcome: 'warning', finding: first };
};

export const retireFormerService: Performer<RetireFormerService> = async function* (
  { former }: RetireFormerService,
  context: OperationContext,
): AsyncGenerator<Progress, Outcome> {
  await machineOf(context).manager.retire(former);
  context.hasChanged();
  yield { done: 1, total: 1, unit: 'services' };
  return { outcome: 'done' };
};

export function machineOf({ machine }: OperationContext): Machine {
  if (machine === undefined) throw new Error('The plan installs a service, but the run has no machine.');
  return machine;
}
