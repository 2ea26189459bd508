import { readdir, readFile } from 'node:fs/promises';
import { ExpectedError } from '../../errors.ts';
import { isServiceName } from '../service-name.ts';
import { type MachineConfiguration, parseConfiguration, printConfiguration } from './configuration.ts';
import type { MachinePlaces } from './places.ts';
import type { PrivateFiles } from './private-files.ts';

/** The configurations of the services of this computer, one for each register. */
export type Configurations = {
  /** Undefined where there is none. Throws ExpectedError when it is damaged or may not be read. */
  find(service: string): Promise<MachineConfiguration | undefined>;
  /** Names, also of damaged ones; empty where the folder may not be read. */
  names(): Promise<readonly string[]>;
  write(configuration: MachineConfiguration): Promise<void>;
  remove(service: string): Promise<void>;
};

export function configurationsOn(places: MachinePlaces, files: PrivateFiles): Configurations {
  return {
    async find(service) {
      const path = places.configuration(service);
      const text = await readText(path, path);
      return text === undefined ? undefined : parseConfiguration(text, path);
    },
    async names() {
      const names = await readdir(places.configurations).catch(() => []);
      return names
        .filter((name) => name.endsWith('.json'))
        .map((name) => name.slice(0, -'.json'.length))
        .filter(isServiceName)
        .sort();
    },
    write: (configuration) =>
      files.write(
        places.configuration(configuration.service),
        printConfiguration(configuration),
        configuration.service,
      ),
    remove: (service) => files.remove(places.configuration(service)),
  };
}

/**
 * The configuration of `path` as the service process reads it, from `copy` where systemd handed it one. Throws
 * ExpectedError that names `path`, which is the file to look at.
 */
export async function readConfiguration(path: string, copy: string): Promise<MachineConfiguration> {
  const text = await readText(path, copy);
  if (text !== undefined) return parseConfiguration(text, path);
  throw new ExpectedError({
    code: 'service-configuration-missing',
    exit: 'prerequisite',
    message: `There is no configuration ${path}.`,
    hint: 'Install the service from the answers: storedb service install ANSWERS.',
    details: { file: path },
  });
}

/** Undefined where there is no such file. */
async function readText(path: string, copy: string): Promise<string | undefined> {
  try {
    return await readFile(copy, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new ExpectedError({
      code: 'service-configuration-unreadable',
      exit: 'prerequisite',
      message: `The configuration of the service, ${path}, cannot be read (${code}).`,
      hint:
        code === 'EACCES' || code === 'EPERM'
          ? 'Run this as an administrator (on Linux: with sudo).'
          : 'Install the service again from the answers: storedb service install ANSWERS.',
      details: { file: path },
      cause: error,
    });
  }
}
