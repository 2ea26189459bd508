import type { LocalGroups } from '../accounts/local-groups.ts';
import type { Conversation, OtherAccount } from '../sql/windows-sign-in.ts';
import { type ProtectionScope, protectionBindings, protectWith, unprotectWith } from './data-protection.ts';
import { type EventKind, eventLogBindings, registerSourceWith, reportWith } from './event-log.ts';
import { fileAccessBindings, restrictWith, type ServiceAccess } from './file-access.ts';
import { localGroupBindings, windowsLocalGroups } from './local-groups.ts';
import { securityBindings } from './security-bindings.ts';
import { hostBindings } from './service/host-calls.ts';
import { type HostedService, type Hosting, hostService } from './service/host-service.ts';
import { managerBindings } from './service/manager-bindings.ts';
import type { ServiceControl } from './service/service-control.ts';
import { windowsServiceControl } from './service/windows-service-control.ts';
import { conversationWith } from './sign-in.ts';
import { windowsFailure } from './windows-failure.ts';

export type { HostedService, StopReason } from './service/host-service.ts';

/** The services of this computer. This and everything else here is for Windows alone. */
export async function openServiceControl(): Promise<ServiceControl> {
  return windowsServiceControl(await managerBindings());
}

/** `hostService` with Windows itself. */
export async function hostWindowsService(
  name: string,
  run: (service: HostedService) => Promise<number>,
): Promise<Hosting> {
  return hostService(await hostBindings(), name, run);
}

/** The local groups of this computer. */
export function openLocalGroups(computer: string): LocalGroups {
  return windowsLocalGroups(localGroupBindings, computer);
}

/** `conversationWith` Windows itself. */
export async function beginSignIn(service: string, account: OtherAccount | undefined): Promise<Conversation> {
  return conversationWith(await securityBindings(), service, account);
}

/** `protectWith` of this computer (DPAPI). */
export async function protect(
  data: Uint8Array,
  options: { readonly scope: ProtectionScope; readonly entropy: string },
): Promise<Uint8Array> {
  return protectWith(await protectionBindings(), data, options);
}

/** `unprotectWith` of this computer. */
export async function unprotect(data: Uint8Array, entropy: string): Promise<Uint8Array> {
  return unprotectWith(await protectionBindings(), data, entropy);
}

/** Lets only administrators, the system and the service at a file; false when its volume keeps no rights. */
export async function restrictFile(path: string, access: ServiceAccess): Promise<boolean> {
  return restrict(path, access, false);
}

/** As `restrictFile`; what is made in the folder later has the same rights. */
export async function restrictFolder(path: string, access: ServiceAccess): Promise<boolean> {
  return restrict(path, access, true);
}

async function restrict(path: string, access: ServiceAccess, isFolder: boolean): Promise<boolean> {
  const calls = await fileAccessBindings();
  try {
    return restrictWith(calls, path, access, isFolder);
  } catch (error) {
    throw windowsFailure(error, `change who may use ${path}`);
  }
}

/** Makes the source known to the event log. */
export async function registerEventSource(source: string): Promise<void> {
  const calls = await eventLogBindings();
  try {
    registerSourceWith(calls, source);
  } catch (error) {
    throw windowsFailure(error, 'register a source of the event log');
  }
}

/** Writes an entry into the Application log; `id` is 1 to 1000. */
export async function reportEvent(
  source: string,
  entry: { readonly kind: EventKind; readonly id: number; readonly text: string },
): Promise<void> {
  const calls = await eventLogBindings();
  try {
    reportWith(calls, source, entry);
  } catch (error) {
    throw windowsFailure(error, 'write into the event log');
  }
}
