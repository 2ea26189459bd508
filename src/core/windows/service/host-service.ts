import { windowsErrors } from '../windows-error.ts';
import type { HostCalls, ReportedStatus } from './host-calls.ts';

/** Which control of Windows ended the service; it is the `reason` of the signal. */
export type StopReason = { readonly control: 'stop' | 'shutdown' | 'preshutdown' };

export type HostedService = {
  /** Aborted when the service is to stop; its reason is a StopReason. */
  readonly signal: AbortSignal;
  /** The service has come up. Until then the manager shows it as starting, and `start` commands wait. */
  ready(): void;
};

/** 'not-a-service': the manager did not start this process, as from a console; nothing was run then. */
export type Hosting = 'ended' | 'not-a-service';

const state = { stopped: 1, startPending: 2, stopPending: 3, running: 4 } as const;
/** winsvc.h: the controls that come, and the bits that say which may come. */
const controls: ReadonlyMap<number, StopReason['control']> = new Map([
  [1, 'stop'],
  [5, 'shutdown'],
  [15, 'preshutdown'],
]);
const interrogate = 4;
const accepted = 0x1 | 0x4 | 0x100;
const unknownControl = 120;

/** While it starts or stops it shows that it is alive this often, and promises the next sign within the hint. */
const signOfLifeMs = 1000;
const waitHintMs = 10_000;

/**
 * Runs this process as the service `name` until `run` has ended. Its number is the service's exit code: 0 well, any
 * other makes the manager apply the recovery actions. When `run` throws, that is 1 as well as a rejection.
 */
export async function hostService(
  calls: HostCalls,
  name: string,
  run: (service: HostedService) => Promise<number>,
): Promise<Hosting> {
  let ending: Promise<void> | undefined;
  const isService = await calls.dispatch(name, () => {
    ending = live(calls, name, run);
    // Whoever waits for the end sees the failure; until the dispatcher returns nobody does.
    ending.catch(() => undefined);
  });
  if (!isService) return 'not-a-service';
  await ending;
  return 'ended';
}

async function live(
  calls: HostCalls,
  name: string,
  run: (service: HostedService) => Promise<number>,
): Promise<void> {
  const stop = new AbortController();
  let now: ReportedStatus['state'] = state.startPending;
  let checkPoint = 0;
  const report = (more: Partial<ReportedStatus> = {}) => {
    const isPending = now === state.startPending || now === state.stopPending;
    if (isPending) checkPoint += 1;
    calls.report(service, {
      state: now,
      accepted: now === state.running ? accepted : 0,
      exitCode: 0,
      serviceExitCode: 0,
      checkPoint: isPending ? checkPoint : 0,
      waitHintMs: isPending ? waitHintMs : 0,
      ...more,
    });
  };
  const enter = (next: ReportedStatus['state'], more?: Partial<ReportedStatus>) => {
    now = next;
    checkPoint = 0;
    report(more);
  };
  const service = calls.registerControls(name, (code) => {
    if (code === interrogate) return 0;
    const control = controls.get(code);
    if (control === undefined) return unknownControl;
    if (now === state.running) {
      enter(state.stopPending);
      stop.abort({ control } satisfies StopReason);
    }
    return 0;
  });
  report();
  const signs = setInterval(() => {
    if (now !== state.running) report();
  }, signOfLifeMs);
  let exitCode = 1;
  try {
    exitCode = await run({
      signal: stop.signal,
      ready: () => {
        if (now === state.startPending) enter(state.running);
      },
    });
  } finally {
    clearInterval(signs);
    enter(
      state.stopped,
      exitCode === 0 ? {} : { exitCode: windowsErrors.serviceSpecific, serviceExitCode: exitCode },
    );
  }
}
