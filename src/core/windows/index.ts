import { hostBindings } from './service/host-calls.ts';
import { type HostedService, type Hosting, hostService } from './service/host-service.ts';
import { managerBindings } from './service/manager-bindings.ts';
import type { ServiceControl } from './service/service-control.ts';
import { windowsServiceControl } from './service/windows-service-control.ts';

export type { HostedService, StopReason } from './service/host-service.ts';

/** The services of this computer; on Windows only. */
export async function openServiceControl(): Promise<ServiceControl> {
  return windowsServiceControl(await managerBindings());
}

/** `hostService` with Windows itself; on Windows only. */
export async function hostWindowsService(
  name: string,
  run: (service: HostedService) => Promise<number>,
): Promise<Hosting> {
  return hostService(await hostBindings(), name, run);
}
