import { access, constants, mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { win32 } from 'node:path';
import { joinSyncGroup } from '../../accounts/join-sync-group.ts';
import type { Clock } from '../../plan/clock.ts';
import type { Finding } from '../../plan/plan.ts';
import {
  openLocalGroups,
  openServiceControl,
  registerEventSource,
  restrictFile,
  restrictFolder,
} from '../../windows/index.ts';
import { configurationsOn } from '../machine/configurations.ts';
import type { Machine } from '../machine/machine.ts';
import type { MachinePlaces } from '../machine/places.ts';
import { privateFiles } from '../machine/private-files.ts';
import type { ServiceManager } from '../manager.ts';
import { eventSource } from './event-source.ts';
import { windowsManager } from './windows-manager.ts';
import { windowsSecrets } from './windows-secrets.ts';

/** What of a computer is Windows' own. */
export async function windowsMachine(
  places: MachinePlaces,
  clock: Clock,
): Promise<Pick<Machine, 'configurations' | 'secrets' | 'manager'>> {
  const files = privateFiles({
    file: async (path, service) => {
      await restrictFile(path, { service, may: 'read' });
    },
    folder: async (path, service) => {
      await restrictFolder(path, { service, may: 'read' });
    },
  });
  const manager = windowsManager(await openServiceControl(), clock, () => mayInstall(places));
  return {
    configurations: configurationsOn(places, files),
    secrets: windowsSecrets(places, files),
    manager: withFolders(manager, places),
  };
}

/** The service's account may write its health and its log, and nothing else of storedb; Windows makes no folders. */
function withFolders(manager: ServiceManager, places: MachinePlaces): ServiceManager {
  return {
    ...manager,
    async install(definition) {
      const findings = await manager.install(definition);
      for (const folder of [win32.dirname(places.health(definition.name)), places.logs(definition.name)]) {
        await mkdir(folder, { recursive: true });
        await restrictFolder(folder, { service: definition.name, may: 'modify' });
      }
      await registerEventSource(eventSource);
      return [...findings, ...(await joinSyncGroup(openLocalGroups(hostname()), definition.name))];
    },
  };
}

async function mayInstall(places: MachinePlaces): Promise<Finding | undefined> {
  const programs = win32.dirname(win32.dirname(places.program));
  try {
    await access(programs, constants.W_OK);
    return undefined;
  } catch {
    return {
      code: 'administrator-needed',
      message: 'Only an administrator may install a service.',
      hint: 'Start storedb with "Run as administrator", then run: storedb service install ANSWERS',
    };
  }
}
