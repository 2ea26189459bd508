import type { SetupInput } from '../../plan/setup.ts';
import { databaseOf, type Side } from '../../plan/situation.ts';
import { registerIdsOf } from '../../plan/tasks/refuse-store.ts';
import type { Secret } from '../../secret.ts';
import { parseServerName, serverKey } from '../../sql/server-name.ts';
import type { SignIn } from '../../sql/session.ts';
import type { DatabaseAccess, MachineConfiguration } from '../machine/configuration.ts';
import { hashOfFile } from '../machine/hash-of-file.ts';
import type { Machine } from '../machine/machine.ts';
import type { ServiceDefinition } from '../manager.ts';
import type { SecretName } from '../secrets/service-secrets.ts';
import { serviceNameOf } from '../service-name.ts';
import { localInstanceService } from './local-instance.ts';

/** The passwords of the service: those of the account of every day, else those of the set-up. */
export function secretsOf(input: SetupInput): ReadonlyMap<SecretName, Secret> {
  const both = [
    ['store', signInOf('store', input)],
    ['offline', signInOf('offline', input)],
  ] as const;
  return new Map(
    both.flatMap(([name, signIn]) => (signIn.kind === 'windows' ? [] : [[name, signIn.password] as const])),
  );
}

/** As whom the service signs in to a side. */
function signInOf(side: Side, input: SetupInput): SignIn {
  const user = input.answers.serviceAccount?.user;
  if (user !== undefined && input.serviceAccountPassword !== undefined)
    return { kind: 'sql', user, password: input.serviceAccountPassword };
  const own = side === 'store' ? input.storeSignIn : input.offlineSignIn;
  if (own === undefined) throw new Error(`There is no sign-in for the ${side} side.`);
  return own;
}

/** The configuration that the answers ask for. The servers were reached before, so their certificates are known. */
export async function wantedConfiguration(
  input: SetupInput,
  machine: Machine,
): Promise<MachineConfiguration> {
  const { answers } = input;
  const register = registerIdsOf(answers);
  const { program, places } = machine;
  const access = (side: Side): DatabaseAccess => {
    const { server, name } = databaseOf(side, answers);
    return { server, database: name, account: accountOf(signInOf(side, input)) };
  };
  const source = program.isPacked ? program.file : (program.args[0] ?? program.file);
  return {
    version: 1,
    service: serviceNameOf(register.registerId),
    register,
    store: access('store'),
    offline: access('offline'),
    encryption: answers.options.encryption,
    pins: await pinsOf([access('store').server, access('offline').server], machine),
    program: {
      file: program.isPacked ? places.program : program.file,
      args: [...program.args],
      sha256: (await hashOfFile(source)) ?? '',
      version: program.version,
    },
    former: [],
  };
}

function accountOf(signIn: SignIn): DatabaseAccess['account'] {
  switch (signIn.kind) {
    case 'windows':
      return { kind: 'windows' };
    case 'ntlm':
      return { kind: 'ntlm', domain: signIn.domain, user: signIn.user };
    case 'sql':
      return { kind: 'sql', user: signIn.user };
  }
}

async function pinsOf(servers: readonly string[], { pins }: Machine): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const server of servers) {
    const key = serverKey(parseServerName(server));
    const pin = await pins.find(key);
    if (pin !== undefined) found[key] = pin;
  }
  return found;
}

/** The service that runs a configuration. */
export function definitionOf(
  configuration: MachineConfiguration,
  platform: 'linux' | 'win32',
): ServiceDefinition {
  const { service, register, program, store, offline } = configuration;
  const dependency = localInstanceService(offline.server, platform);
  const accounts = { store: store.account, offline: offline.account };
  return {
    name: service,
    displayName: `storedb synchronisation ${register.registerId}`,
    description: `storedb: synchronises register ${register.registerId} with store ${register.storeId}`,
    program: program.file,
    args: [...program.args, 'service', 'host', service],
    dependencies: dependency === undefined ? [] : [dependency],
    secrets: (['store', 'offline'] as const).filter((name) => accounts[name].kind !== 'windows'),
  };
}
