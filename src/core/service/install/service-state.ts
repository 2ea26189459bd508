import { ExpectedError } from '../../errors.ts';
import type { Finding } from '../../plan/plan.ts';
import { refusal } from '../../plan/refusal.ts';
import type { SetupInput } from '../../plan/setup.ts';
import type { FormerService, MachineConfiguration } from '../machine/configuration.ts';
import { hashOfFile } from '../machine/hash-of-file.ts';
import type { Machine } from '../machine/machine.ts';
import type { ManagedService } from '../manager.ts';
import { areKept } from '../secrets/service-secrets.ts';
import { serviceNameOf } from '../service-name.ts';
import { definitionOf, secretsOf, wantedConfiguration } from './wanted.ts';

/** What is there of the service of a register. The planner decides on nothing else. */
export type ServiceState =
  /** None is to be installed; why, in words for the review. */
  | { readonly kind: 'unwanted'; readonly because: string }
  /** One is wanted and cannot be had on this computer, or by this account. */
  | { readonly kind: 'impossible'; readonly finding: Finding }
  | {
      readonly kind: 'possible';
      /** What the answers ask for; the services of the original that were retired before stay written down. */
      readonly wanted: MachineConfiguration;
      /** The executable to copy from; undefined where the service runs what lies where it is. */
      readonly programSource: string | undefined;
      /** Configuration, executable, passwords and the manager's entry are as they are wanted. */
      readonly isInstalled: boolean;
      /** Where the passwords are kept: "as encrypted systemd credentials". */
      readonly passwordsKept: string;
      readonly managed: ManagedService | undefined;
      /** Services of the original that are there and not retired yet. */
      readonly former: readonly FormerService[];
    };

/**
 * Looks at this computer; changes nothing. Damage to what is there counts as absence: an installation repairs it.
 * On practice servers, which are gone with the next run, none is installed unless it is asked for by name.
 */
export async function readServiceState(input: SetupInput, isPracticeServer: boolean): Promise<ServiceState> {
  const { machine, answers, isServiceOnly = false } = input;
  if (!isServiceOnly && !answers.options.startService)
    return { kind: 'unwanted', because: 'not wanted (options.startService)' };
  if (machine === undefined || (isPracticeServer && !isServiceOnly))
    return { kind: 'unwanted', because: 'none is installed for a practice server' };
  const finding = await machine.manager.hindrance();
  if (finding !== undefined) return { kind: 'impossible', finding };
  const plain = await wantedConfiguration(input, machine);
  const there = await configurationOf(machine, plain.service);
  const wanted = { ...plain, former: there?.former ?? [] };
  const definition = definitionOf(wanted, machine.places.platform);
  const managed = await machine.manager.find(wanted.service);
  const { isPacked, file } = machine.program;
  const former = (await machine.manager.former()).filter(
    ({ startType, wasRunning }) => startType !== 'disabled' || wasRunning,
  );
  return {
    kind: 'possible',
    wanted,
    passwordsKept: machine.secrets.described,
    programSource: isPacked && file !== wanted.program.file ? file : undefined,
    isInstalled:
      managed !== undefined &&
      JSON.stringify(there) === JSON.stringify(wanted) &&
      (!isPacked || (await hashOfFile(wanted.program.file)) === wanted.program.sha256) &&
      (await areKept(machine.secrets, wanted.service, secretsOf(input))) &&
      (await machine.manager.isInstalled(definition)),
    managed,
    former,
  };
}

async function configurationOf(machine: Machine, service: string): Promise<MachineConfiguration | undefined> {
  try {
    return await machine.configurations.find(service);
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'service-configuration-damaged') return undefined;
    throw error;
  }
}

/**
 * The service of a register that leaves the synchronisation; undefined where there is none. Throws the reason why this
 * account may not take it away.
 */
export async function serviceToRemove({ machine, answers }: SetupInput): Promise<string | undefined> {
  const register = answers.identification?.registerId;
  if (machine === undefined || register === undefined) return undefined;
  const service = serviceNameOf(register);
  const hindrance = await machine.manager.hindrance();
  if (hindrance !== undefined && hindrance.code !== 'administrator-needed') return undefined;
  const isThere =
    (await machine.manager.find(service)) !== undefined ||
    (await machine.configurations.names()).includes(service);
  if (isThere && hindrance !== undefined) throw refusal(hindrance.code, hindrance.message, hindrance.hint);
  return isThere ? service : undefined;
}
