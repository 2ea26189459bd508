import type { Clock } from '../../plan/clock.ts';
import type { MssqlServers } from '../../sql/connect.ts';
import type { SignIn } from '../../sql/session.ts';
import type { SyncInput } from '../../sync/sync-input.ts';
import type { DatabaseAccess, MachineConfiguration } from '../machine/configuration.ts';
import type { SecretName, ServiceSecrets } from '../secrets/service-secrets.ts';

/** The register and its store as the configuration names them. Throws `service-secret-unreadable`. */
export async function syncInputOfService(
  configuration: MachineConfiguration,
  ports: {
    readonly secrets: ServiceSecrets;
    readonly servers: MssqlServers;
    readonly clock: Clock;
    readonly host: string;
  },
): Promise<SyncInput> {
  const { service, register, store, offline, encryption } = configuration;
  const side = async (name: SecretName, { server, database, account }: DatabaseAccess) => ({
    server,
    database,
    encryption,
    signIn: await signInOf(account, () => ports.secrets.read(service, name)),
  });
  return {
    servers: ports.servers,
    store: await side('store', store),
    offline: await side('offline', offline),
    ids: register,
    clock: ports.clock,
    host: ports.host,
  };
}

async function signInOf(
  account: DatabaseAccess['account'],
  password: () => ReturnType<ServiceSecrets['read']>,
): Promise<SignIn> {
  return account.kind === 'windows' ? account : { ...account, password: await password() };
}
