/** Procedures that only answer: sp_helptext, sp_who, sp_configure, xp_fixeddrives. */

import { Refusal, SqlError, type SystemProcedure } from '../../engine/extension.ts';
import { foldName } from '../../engine/model.ts';
import type { ResultColumn } from '../../engine/types.ts';
import { locate } from '../objects.ts';
import { hasPermission } from '../permissions.ts';
import { char, int, nvarchar, orNull, smallint } from '../view-definition.ts';
import { VOLUME } from '../views/database-views.ts';
import { settings } from '../views/server-views.ts';
import { nameArgument, textArgument } from './procedure-arguments.ts';

const shape = (...columns: readonly (ResultColumn & { readonly read: unknown })[]): readonly ResultColumn[] =>
  columns.map(({ name, type, isNullable }) => ({ name, type, isNullable }));

const none = (): null => null;

/** Lines as they stand, each with its line end, cut at 255 characters. */
const helpText: SystemProcedure = {
  name: 'sp_helptext',
  parameters: ['objname', 'columnname?'],
  execute: async (invocation) => {
    const name = nameArgument(invocation, 'sp_helptext', 'objname');
    if (textArgument(invocation, 'columnname') !== undefined) throw new Refusal('sp_helptext of a column');
    const object = locate(name, invocation.runtime)?.object;
    if (object === undefined) {
      throw new SqlError(
        15009,
        `The object '${name}' does not exist in database '${invocation.runtime.database.name}' or is invalid for this operation.`,
      );
    }
    if (!('text' in object)) throw new SqlError(15197, `There is no text for object '${name}'.`);
    const lines = object.text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const rows = lines.flatMap((line) => line.match(/[\s\S]{1,255}/g) ?? []).map((line) => [line]);
    invocation.rows(shape(nvarchar('Text', 255, none)), rows);
    return 0;
  },
};

const who: SystemProcedure = {
  name: 'sp_who',
  parameters: ['loginame?'],
  execute: async (invocation) => {
    const { server, session } = invocation.runtime;
    const login = textArgument(invocation, 'loginame');
    const seesAll = hasPermission(session, session.database, 'VIEW SERVER STATE', { kind: 'server' });
    const sessions = [...server.sessions.values()].filter(
      (other) =>
        (seesAll || other === session) &&
        (login === undefined || foldName(other.login.name) === foldName(login)),
    );
    const columns = shape(
      smallint('spid', none),
      smallint('ecid', none),
      nvarchar('status', 30, none),
      orNull(nvarchar('loginame', 128, none)),
      nvarchar('hostname', 128, none),
      char('blk', 5, none),
      orNull(nvarchar('dbname', 128, none)),
      nvarchar('cmd', 16, none),
      int('request_id', none),
    );
    const rows = sessions.map((other) => [
      other.id,
      0,
      other.status === 'running' ? 'runnable' : 'sleeping',
      other.login.name,
      other.host,
      '0    ',
      other.database.name,
      other.status === 'running' ? 'SELECT' : 'AWAITING COMMAND',
      0,
    ]);
    invocation.rows(columns, rows);
    return 0;
  },
};

/** Without a value it shows settings; changing one is refused, as RECONFIGURE is. */
const configure: SystemProcedure = {
  name: 'sp_configure',
  parameters: ['configname?', 'configvalue?'],
  execute: async (invocation) => {
    const name = textArgument(invocation, 'configname')?.toLowerCase();
    if (textArgument(invocation, 'configvalue') !== undefined)
      throw new Refusal('sp_configure with a new value');
    const shown = settings.filter((setting) => !setting.isAdvanced);
    const chosen =
      name === undefined
        ? shown.toSorted((a, b) => a.name.localeCompare(b.name))
        : shown.filter((setting) => setting.name.toLowerCase() === name);
    if (chosen.length === 0) {
      throw new SqlError(
        15123,
        `The configuration option '${name}' does not exist, or it may be an advanced option.`,
      );
    }
    invocation.rows(
      shape(
        nvarchar('name', 35, none),
        int('minimum', none),
        int('maximum', none),
        int('config_value', none),
        int('run_value', none),
      ),
      chosen.map(({ name: setting, minimum, maximum, value }) => [setting, minimum, maximum, value, value]),
    );
    return 0;
  },
};

const fixedDrives: SystemProcedure = {
  name: 'xp_fixeddrives',
  parameters: [],
  execute: async (invocation) => {
    invocation.rows(shape(char('drive', 1, none), int('MB free', none)), [
      ['P', Number(VOLUME.available / 1024n ** 2n)],
    ]);
    return 0;
  },
};

export const reportProcedures: readonly SystemProcedure[] = [helpText, who, configure, fixedDrives];

/** Procedures of SQL Server that are known and not offered; anything else is 2812, as there. */
export const refusedProcedures: ReadonlySet<string> = new Set(
  `sp_adddistributor sp_addlinkedserver sp_addlinkedsrvlogin sp_addmessage sp_addtype sp_add_job sp_add_jobschedule
  sp_add_jobserver sp_add_jobstep sp_attach_db sp_attach_single_file_db sp_autostats sp_bindefault sp_bindrule
  sp_catalogs sp_change_users_login sp_changeobjectowner sp_columns sp_createstats sp_cursor sp_cursorclose
  sp_cursorexecute sp_cursorfetch sp_cursoropen sp_cursorprepare sp_databases sp_dboption sp_dbcmptlevel
  sp_delete_job sp_delete_backuphistory sp_depends sp_describe_first_result_set
  sp_describe_undeclared_parameters sp_detach_db sp_dropserver sp_estimate_data_compression_savings sp_fkeys
  sp_filestream_configure sp_fulltext_catalog sp_fulltext_database sp_fulltext_table sp_help sp_helpconstraint
  sp_helpdb sp_helpdevice sp_helpfile sp_helpfilegroup sp_helpindex sp_helplanguage sp_helplogins
  sp_helprole sp_helprolemember sp_helprotect sp_helpserver sp_helpsort sp_helpsrvrole sp_helpsrvrolemember
  sp_helpstats sp_helptrigger sp_helpuser sp_indexes sp_indexoption sp_invoke_external_rest_endpoint sp_lock
  sp_monitor sp_msforeachdb sp_msforeachtable sp_oacreate sp_password sp_pkeys sp_procoption
  sp_recompile sp_refreshsqlmodule sp_refreshview sp_renamedb sp_send_dbmail sp_serveroption
  sp_set_session_context sp_setapprole sp_settriggerorder sp_spaceused sp_special_columns sp_sproc_columns
  sp_start_job sp_statistics sp_stop_job sp_stored_procedures sp_tableoption sp_table_privileges sp_tables
  sp_trace_create sp_unbindefault sp_unbindrule sp_unsetapprole sp_update_job sp_updatestats sp_validatelogins
  sp_who2 sp_xml_preparedocument sp_xml_removedocument xp_cmdshell xp_create_subdir xp_delete_file xp_dirtree
  xp_enumgroups xp_fileexist xp_grantlogin xp_instance_regread xp_instance_regwrite xp_logevent xp_loginconfig
  xp_logininfo xp_msver xp_readerrorlog xp_regread xp_regwrite xp_revokelogin xp_sprintf xp_sqlmaint
  xp_sscanf xp_subdirs`.split(/\s+/),
);
