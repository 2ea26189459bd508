import type { Action, DatabaseTarget, Finding } from '../../plan/plan.ts';
import { refusal } from '../../plan/refusal.ts';
import type { FormerService, MachineConfiguration } from '../machine/configuration.ts';
import type { ServiceState } from './service-state.ts';

/** Everything that makes the synchronisation of a register run by itself, in order. */
export function serviceActions(
  state: ServiceState,
  target: DatabaseTarget,
): { readonly actions: readonly Action[]; readonly warnings: readonly Finding[] } {
  if (state.kind === 'unwanted') return { actions: [], warnings: [] };
  if (state.kind === 'impossible')
    return {
      actions: [],
      warnings: [
        { ...state.finding, message: `The sync service was not installed. ${state.finding.message}` },
      ],
    };
  const { wanted, isInstalled, managed, programSource } = state;
  const { service, register } = wanted;
  const common = { kind: 'operation', risk: 'changes', need: 'necessary', target } as const;
  const install: readonly Action[] =
    isInstalled && state.former.length === 0
      ? []
      : [
          {
            ...common,
            id: 'service',
            title: `Install the service ${service}, which synchronises register ${register.registerId}`,
            operation: {
              kind: 'install-service',
              configuration: { ...wanted, former: remembered(wanted.former, state.former) },
              ...(programSource === undefined ? {} : { programSource }),
            },
            describes: [
              ...(programSource === undefined ? [] : [`copy ${programSource} to ${wanted.program.file}`]),
              `write its configuration, and keep its passwords ${state.passwordsKept}`,
              `start it with the computer: ${[wanted.program.file, ...wanted.program.args].join(' ')} service host ${service}`,
            ],
          },
        ];
  const isRunning = managed?.state === 'running' && install.length === 0;
  const start: readonly Action[] = isRunning
    ? []
    : [
        {
          ...common,
          id: 'start-service',
          title: `Start the service ${service} and see that it synchronises`,
          isAfterwards: true,
          operation: { kind: 'start-service', service },
          describes: ['wait for its first cycle and for its row in RETAILOFFLINESYNCLOG'],
        },
      ];
  return {
    actions: [...install, ...state.former.map((former) => retire(former, target)), ...start],
    warnings: state.former.map(({ name, displayName }) => ({
      code: 'former-service',
      message: `${displayName} (${name}) is on this computer; both at once would fight over the same rows, so it is stopped and disabled.`,
      hint: 'To keep it, answer options.startService: false. "storedb service uninstall" puts it back as it was.',
    })),
  };
}

/** How a service was when it was retired first: one that somebody switched on again is retired as it was before. */
function remembered(
  before: readonly FormerService[],
  now: readonly FormerService[],
): MachineConfiguration['former'] {
  return [...before, ...now.filter(({ name }) => !before.some((each) => each.name === name))];
}

/** After the configuration says how it was: a run that is cut off in between must not forget that. */
function retire(former: FormerService, target: DatabaseTarget): Action {
  return {
    id: `former-service:${former.name}`,
    kind: 'operation',
    title: `Stop and disable ${former.displayName}`,
    risk: 'changes',
    need: 'necessary',
    target,
    operation: { kind: 'retire-former-service', former },
    describes: [`stop the service ${former.name} and disable it`],
  };
}

/** `storedb service install` asked for one, so that the reason why there can be none is its end. Throws it. */
export function refuseImpossible(state: ServiceState): void {
  if (state.kind !== 'impossible') return;
  throw refusal(state.finding.code, state.finding.message, state.finding.hint);
}

/** The service in short words for the review page. */
export function serviceFact(state: ServiceState): { readonly label: string; readonly value: string } {
  const label = 'Service';
  switch (state.kind) {
    case 'unwanted':
      return { label, value: state.because };
    case 'impossible':
      return { label, value: 'cannot be installed here' };
    case 'possible':
      return {
        label,
        value: `${state.wanted.service} ${state.isInstalled ? 'is installed' : 'will be installed'}`,
      };
  }
}
