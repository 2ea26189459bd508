import type { MachineConfiguration } from '../../../src/core/service/machine/configuration.ts';

export const sampleConfiguration: MachineConfiguration = {
  version: 1,
  service: 'storedb-houston-1',
  register: { storeId: 'HOUSTON', registerId: 'HOUSTON-1', dataAreaId: 'usrt' },
  store: { server: 'SRV01\\RETAIL', database: 'AXRETAILPOS', account: { kind: 'sql', user: 'storedb_sync' } },
  offline: {
    server: '.\\SQLEXPRESS',
    database: 'AXRETAILPOSOFFLINE',
    account: { kind: 'ntlm', domain: 'CONTOSO', user: 'sync' },
  },
  encryption: 'trust',
  pins: { 'srv01\\RETAIL': 'AA:BB' },
  program: { file: '/opt/storedb/storedb', args: [], sha256: 'ab', version: '1.0.0' },
  former: [
    { name: 'OffSync', displayName: 'Offline Sync Service', startType: 'automatic', wasRunning: true },
  ],
};
