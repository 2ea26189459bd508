import { posix, win32 } from 'node:path';

/** Where the service keeps what on this computer. The folders are made by who writes into them first. */
export type MachinePlaces = {
  readonly platform: 'linux' | 'win32';
  /** The service's own copy of the executable; it never runs from a stick. */
  readonly program: string;
  /** Holds one file for every register of the computer. For administrators and the services only. */
  readonly configurations: string;
  readonly configuration: (service: string) => string;
  /** The passwords of one service. */
  readonly secrets: (service: string) => string;
  /** What a service leaves for monitoring and for `status`. */
  readonly health: (service: string) => string;
  readonly logs: (service: string) => string;
  /** systemd's units of this computer; unused on Windows. */
  readonly units: string;
  /** Is there exactly where systemd runs the computer (sd_booted(3)); unused on Windows. */
  readonly systemd: string;
};

/**
 * `root` stands before every path: '' for the computer itself, a folder for tests and images. On Windows it takes the
 * place of both ProgramFiles and ProgramData.
 */
export function machinePlaces(
  platform: 'linux' | 'win32',
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
): MachinePlaces {
  if (platform === 'win32') {
    const { join } = win32;
    const programs = root === '' ? (environment.ProgramFiles ?? 'C:\\Program Files') : root;
    const data = join(root === '' ? (environment.ProgramData ?? 'C:\\ProgramData') : root, 'storedb');
    return {
      platform,
      program: join(programs, 'storedb', 'storedb.exe'),
      configurations: join(data, 'services'),
      configuration: (service) => join(data, 'services', `${service}.json`),
      secrets: (service) => join(data, 'services', `${service}.secrets`),
      health: (service) => join(data, 'state', service, 'health.json'),
      logs: (service) => join(data, 'log', service),
      units: '',
      systemd: '',
    };
  }
  const at = (path: string) => posix.join(root === '' ? '/' : root, path);
  return {
    platform,
    program: at('opt/storedb/storedb'),
    configurations: at('etc/storedb'),
    configuration: (service) => at(`etc/storedb/${service}.json`),
    secrets: (service) => at(`etc/storedb/${service}.secrets`),
    health: (service) => at(`var/lib/storedb/${service}/health.json`),
    logs: (service) => at(`var/log/storedb/${service}`),
    units: at('etc/systemd/system'),
    systemd: at('run/systemd/system'),
  };
}
