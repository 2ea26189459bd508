import type { FormerService } from '../../../src/core/service/machine/configuration.ts';
import type { ManagedService, ServiceDefinition, ServiceManager } from '../../../src/core/service/manager.ts';

/** A manager of services in memory; `run` is what it starts. */
export type FakeServices = ServiceManager & {
  readonly told: string[];
  readonly installed: Map<string, ServiceDefinition>;
  /** Services of the original that are on this computer. */
  originals: FormerService[];
  /** Ends what it has started. */
  end(): Promise<void>;
};

type Running = { readonly stop: AbortController; readonly ended: Promise<unknown> };

export function fakeServices(
  run: (name: string, signal: AbortSignal) => Promise<number> = (_name, signal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(0), { once: true })),
): FakeServices {
  const told: string[] = [];
  const installed = new Map<string, ServiceDefinition>();
  const running = new Map<string, Running>();
  const ends = new Map<string, number>();
  const stop = async (name: string) => {
    running.get(name)?.stop.abort();
    await running.get(name)?.ended;
  };
  const services: FakeServices = {
    told,
    installed,
    originals: [],
    hindrance: async () => undefined,
    async find(name): Promise<ManagedService | undefined> {
      if (!installed.has(name)) return undefined;
      const code = ends.get(name);
      return {
        state: running.has(name) ? 'running' : code === undefined || code === 0 ? 'stopped' : 'failed',
        startsWithMachine: true,
        processId: running.has(name) ? process.pid : undefined,
        problem: code === undefined || code === 0 ? undefined : `it ended with exit code ${code}`,
        restarts: 0,
      };
    },
    isInstalled: async (definition) =>
      JSON.stringify(installed.get(definition.name)) === JSON.stringify(definition),
    async install(definition) {
      told.push(`install ${definition.name}`);
      installed.set(definition.name, definition);
      return [];
    },
    async start(name) {
      told.push(`start ${name}`);
      const controller = new AbortController();
      const ended = run(name, controller.signal).then((code) => {
        ends.set(name, code);
        running.delete(name);
      });
      running.set(name, { stop: controller, ended });
    },
    async stop(name) {
      told.push(`stop ${name}`);
      await stop(name);
    },
    async uninstall(name) {
      told.push(`uninstall ${name}`);
      installed.delete(name);
    },
    former: async () => services.originals,
    async retire(former) {
      told.push(`retire ${former.name}`);
      services.originals = services.originals.map((each) =>
        each.name === former.name ? { ...each, startType: 'disabled', wasRunning: false } : each,
      );
    },
    async restore(former) {
      told.push(`restore ${former.name}`);
    },
    async end() {
      for (const name of [...running.keys()]) await stop(name);
    },
  };
  return services;
}
