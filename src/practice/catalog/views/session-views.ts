/** Sessions, connections, locks and open transactions. */

import type { Runtime, SystemView } from '../../engine/extension.ts';
import type { LockRow, SessionState } from '../../engine/model.ts';
import { hasPermission, requirePermission } from '../permissions.ts';
import {
  bigint,
  binary,
  bit,
  constants,
  datetime,
  datetimeOf,
  defineView,
  int,
  nvarchar,
  orNull,
  smallint,
  sysname,
  uniqueidentifier,
  varbinary,
  varchar,
} from '../view-definition.ts';

/** Own sessions show to everybody, those of others with VIEW SERVER STATE. */
function* sessionsOf({ server, session }: Runtime): Generator<SessionState> {
  const seesAll = hasPermission(session, session.database, 'VIEW SERVER STATE', { kind: 'server' });
  for (const other of server.sessions.values()) if (seesAll || other === session) yield other;
}

const requireServerState = ({ session }: Runtime): void =>
  requirePermission(session, session.database, 'VIEW SERVER STATE', { kind: 'server' });

const isolationLevels = ['read uncommitted', 'read committed', 'repeatable read', 'serializable', 'snapshot'];

const on =
  (option: string) =>
  (session: SessionState): boolean =>
    session.options.has(option);

const requestId = (session: SessionState): string =>
  `00000000-0000-4000-8000-${session.id.toString(16).padStart(12, '0')}`.toUpperCase();

const sessionOptions = [
  bit('quoted_identifier', on('quoted_identifier')),
  bit('arithabort', on('arithabort')),
  bit('ansi_null_dflt_on', on('ansi_null_dflt_on')),
  bit('ansi_defaults', on('ansi_defaults')),
  bit('ansi_warnings', on('ansi_warnings')),
  bit('ansi_padding', on('ansi_padding')),
  bit('ansi_nulls', on('ansi_nulls')),
  bit('concat_null_yields_null', on('concat_null_yields_null')),
  smallint<SessionState>(
    'transaction_isolation_level',
    (session) => isolationLevels.indexOf(session.isolation) + 1,
  ),
  int<SessionState>('lock_timeout', (session) => session.lockTimeout),
] as const;

/** A number for the open transaction of a session. */
const transactionId = (session: SessionState): bigint => BigInt(session.id) * 1000n + 1n;

function* openTransactions(runtime: Runtime): Generator<SessionState> {
  requireServerState(runtime);
  for (const session of runtime.server.sessions.values()) if (session.transactionState !== 0) yield session;
}

export const sessionViews: readonly SystemView[] = [
  defineView(
    'sys.dm_exec_sessions',
    sessionsOf,
  )([
    smallint('session_id', (session) => session.id),
    datetime('login_time', (session) => datetimeOf(session.connectedAt)),
    orNull(nvarchar('host_name', 128, (session) => session.host)),
    orNull(nvarchar('program_name', 128, (session) => session.application)),
    orNull(int('host_process_id', (session) => session.processId)),
    ...constants(int, 'client_version=7'),
    orNull(nvarchar('client_interface_name', 32, () => null)),
    varbinary('security_id', 85, (session) => session.login.sid),
    nvarchar('login_name', 128, (session) => session.login.name),
    orNull(nvarchar('nt_domain', 128, () => null)),
    orNull(nvarchar('nt_user_name', 128, () => null)),
    nvarchar('status', 30, (session) => session.status),
    orNull(varbinary('context_info', 128, (session) => session.contextInfo)),
    ...constants(int, 'cpu_time=0 memory_usage=2 total_scheduled_time=0 total_elapsed_time=0 endpoint_id=4'),
    datetime('last_request_start_time', (session) => datetimeOf(session.lastRequestAt)),
    orNull(datetime('last_request_end_time', (session) => datetimeOf(session.lastRequestAt))),
    ...constants(bigint, 'reads=0 writes=0 logical_reads=0'),
    bit('is_user_process', () => true),
    int('text_size', (session) => session.textSize),
    orNull(nvarchar('language', 128, (session) => session.language)),
    orNull(nvarchar('date_format', 3, (session) => session.dateFormat)),
    smallint('date_first', (session) => session.dateFirst),
    ...sessionOptions,
    ...constants(int, 'deadlock_priority=0'),
    bigint('row_count', (session) => session.rowCount),
    int('prev_error', (session) => session.lastError),
    varbinary('original_security_id', 85, (session) => (session.originalLogin ?? session.login).sid),
    nvarchar('original_login_name', 128, (session) => (session.originalLogin ?? session.login).name),
    ...constants(int, 'group_id=2'),
    smallint('database_id', (session) => session.database.id),
    ...constants(int, 'authenticating_database_id=1'),
    int('open_transaction_count', (session) => session.transactionCount),
  ]),
  defineView('sys.dm_exec_connections', (runtime) => {
    requireServerState(runtime);
    return sessionsOf(runtime);
  })([
    orNull(int('session_id', (session) => session.id)),
    orNull(int('most_recent_session_id', (session) => session.id)),
    datetime('connect_time', (session) => datetimeOf(session.connectedAt)),
    nvarchar('net_transport', 40, () => 'TCP'),
    orNull(nvarchar('protocol_type', 40, () => 'TSQL')),
    orNull(int('protocol_version', () => 0x74000004)),
    ...constants(int, 'endpoint_id=4'),
    nvarchar('encrypt_option', 40, (session) => (session.isEncrypted ? 'TRUE' : 'FALSE')),
    nvarchar('auth_scheme', 40, () => 'SQL'),
    ...constants(smallint, 'node_affinity=0'),
    ...constants(int, 'net_packet_size=4096'),
    orNull(varchar('client_net_address', 48, () => '127.0.0.1')),
    orNull(varchar('local_net_address', 48, () => '127.0.0.1')),
    uniqueidentifier('connection_id', requestId),
  ]),
  defineView('sys.dm_exec_requests', function* (runtime): Generator<SessionState> {
    for (const session of sessionsOf(runtime)) if (session.status === 'running') yield session;
  })([
    smallint('session_id', (session) => session.id),
    ...constants(int, 'request_id=0'),
    datetime('start_time', (session) => datetimeOf(session.lastRequestAt)),
    nvarchar('status', 30, (session) => session.status),
    nvarchar('command', 32, () => 'SELECT'),
    smallint('database_id', (session) => session.database.id),
    int('user_id', (session) => session.user.id),
    ...constants(smallint, 'blocking_session_id=0'),
    int('open_transaction_count', (session) => session.transactionCount),
    orNull(varbinary('context_info', 128, (session) => session.contextInfo)),
    ...sessionOptions,
    bigint('row_count', (session) => session.rowCount),
    int('prev_error', (session) => session.lastError),
    int('nest_level', (session) => session.nestLevel),
  ]),
  defineView('sys.dm_tran_locks', (runtime): Iterable<LockRow> => {
    requireServerState(runtime);
    return runtime.server.lockRows();
  })([
    nvarchar('resource_type', 60, (lock) => lock.resource),
    nvarchar('resource_subtype', 60, () => ''),
    int('resource_database_id', (lock) => lock.databaseId),
    nvarchar('resource_description', 256, (lock) => lock.description),
    orNull(bigint('resource_associated_entity_id', (lock) => BigInt(lock.objectId))),
    ...constants(int, 'resource_lock_partition=0'),
    nvarchar('request_mode', 60, (lock) => lock.mode),
    nvarchar('request_type', 60, () => 'LOCK'),
    nvarchar('request_status', 60, (lock) => lock.status),
    ...constants(smallint, 'request_reference_count=1'),
    int('request_session_id', (lock) => lock.sessionId),
    ...constants(int, 'request_exec_context_id=0 request_request_id=0'),
    nvarchar('request_owner_type', 60, (lock) => lock.owner),
  ]),
  defineView(
    'sys.dm_tran_active_transactions',
    openTransactions,
  )([
    bigint('transaction_id', transactionId),
    sysname('name', () => 'user_transaction'),
    datetime('transaction_begin_time', (session) => datetimeOf(session.lastRequestAt)),
    ...constants(int, 'transaction_type=1'),
    ...constants(uniqueidentifier, 'transaction_uow=null'),
    ...constants(int, 'transaction_state=2'),
  ]),
  defineView(
    'sys.dm_tran_session_transactions',
    openTransactions,
  )([
    int('session_id', (session) => session.id),
    bigint('transaction_id', transactionId),
    binary('transaction_descriptor', 8, (session) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(transactionId(session));
      return bytes;
    }),
    ...constants(int, 'enlist_count=0'),
    bit('is_user_transaction', () => true),
    bit('is_local', () => true),
    ...constants(bit, 'is_enlisted=0 is_bound=0'),
    int('open_transaction_count', (session) => session.transactionCount),
  ]),
];
