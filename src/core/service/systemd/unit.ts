import type { MachinePlaces } from '../machine/places.ts';
import type { ServiceDefinition } from '../manager.ts';
import { credentialOf, secretFile } from '../secrets/linux-secrets.ts';

/** The name of the credential that holds the machine configuration. */
export const configurationCredential = 'configuration';

/**
 * The unit file of a service. It runs as a user that exists only while it does (DynamicUser), which is why the
 * configuration and the passwords reach it as credentials: their files stay root's alone. `security` of
 * systemd-analyze judges the rest. Left out are MemoryDenyWriteExecute, because Node compiles JavaScript while it runs,
 * and PrivateUsers, which keeps a service from starting on computers whose user namespaces an administrator closed.
 */
export function unitFile(definition: ServiceDefinition, places: MachinePlaces, isEncrypted: boolean): string {
  const { name, description, program, args, dependencies, secrets } = definition;
  const load = isEncrypted ? 'LoadCredentialEncrypted' : 'LoadCredential';
  return `[Unit]
Description=${escaped(description)}
Wants=network-online.target
After=${['network-online.target', ...dependencies].join(' ')}
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart=${[program, ...args].map(quoted).join(' ')}
Restart=always
RestartSec=10
TimeoutStartSec=300
TimeoutStopSec=30
WatchdogSec=60
LoadCredential=${configurationCredential}:${escaped(places.configuration(name))}
${secrets.map((secret) => `${load}=${credentialOf(secret)}:${escaped(secretFile(places, name, secret, isEncrypted))}\n`).join('')}DynamicUser=yes
StateDirectory=storedb/${name}
StateDirectoryMode=0755
LogsDirectory=storedb/${name}
LogsDirectoryMode=0750
UMask=0027
LimitCORE=0
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

/** `%` begins a specifier; in a command line `$` begins a variable as well. */
const escaped = (text: string): string => text.replaceAll('%', '%%').replaceAll(/[\r\n]/g, ' ');

/** One word of ExecStart: systemd.service(5), "Command lines". */
function quoted(word: string): string {
  const plain = escaped(word).replaceAll('$', '$$$$');
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `"${plain.replaceAll(/["\\]/g, '\\$&')}"`;
}
