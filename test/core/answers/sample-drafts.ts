import type { Draft } from '../../../src/core/answers/draft.ts';

/** What a technician types for a store database with a SQL login. */
export const storeDraft: Draft = {
  task: 'store-database',
  'identification.storeId': 'HOUSTON',
  'identification.dataAreaId': 'usrt',
  'storeDatabase.server': 'SRV01\\RETAIL',
  'storeDatabase.name': 'AXRETAILPOS',
  'storeDatabase.auth.kind': 'sql',
  'storeDatabase.auth.user': 'setup',
  'storeDatabase.auth.password': 'env:STORE_PASSWORD',
};

/** The same for the offline database of a register. */
export const offlineDraft: Draft = {
  ...storeDraft,
  task: 'offline-database',
  'identification.registerId': 'HOUSTON-1',
  'offlineDatabase.server': '.\\SQLEXPRESS',
  'offlineDatabase.name': 'AXRETAILPOSOFFLINE',
  'offlineDatabase.auth.kind': 'windows',
};
