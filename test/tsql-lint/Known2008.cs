namespace Storedb.TsqlLint;

/// <summary>
/// The built-in names of SQL Server 2008 R2 (its Books Online, "Functions (Transact-SQL)"). Functions are listed
/// one by one and everything else is refused: a list of what is newer would have to know the future.
/// </summary>
internal static class Known2008
{
    private static HashSet<string> Names(string text) =>
        new(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    public static readonly HashSet<string> RankingFunctions = Names("ROW_NUMBER RANK DENSE_RANK NTILE");

    public static readonly HashSet<string> Functions = Names("""
        AVG CHECKSUM_AGG COUNT COUNT_BIG GROUPING GROUPING_ID MAX MIN STDEV STDEVP SUM VAR VARP
        ROW_NUMBER RANK DENSE_RANK NTILE
        ABS ACOS ASIN ATAN ATN2 CEILING COS COT DEGREES EXP FLOOR LOG LOG10 PI POWER RADIANS RAND ROUND SIGN SIN SQRT
        SQUARE TAN
        ASCII CHAR CHARINDEX DIFFERENCE LEFT LEN LOWER LTRIM NCHAR PATINDEX QUOTENAME REPLACE REPLICATE REVERSE RIGHT
        RTRIM SOUNDEX SPACE STR STUFF SUBSTRING UNICODE UPPER
        TEXTPTR TEXTVALID DATALENGTH
        DATEADD DATEDIFF DATENAME DATEPART DAY MONTH YEAR GETDATE GETUTCDATE ISDATE SYSDATETIME SYSDATETIMEOFFSET
        SYSUTCDATETIME SWITCHOFFSET TODATETIMEOFFSET CURRENT_TIMESTAMP
        APP_NAME APPLOCK_MODE APPLOCK_TEST ASSEMBLYPROPERTY BINARY_CHECKSUM CHECKSUM COL_LENGTH COL_NAME
        COLLATIONPROPERTY COLUMNPROPERTY COLUMNS_UPDATED CONNECTIONPROPERTY CONTEXT_INFO CONVERT CURSOR_STATUS
        DATABASE_PRINCIPAL_ID DATABASEPROPERTY DATABASEPROPERTYEX DB_ID DB_NAME ERROR_LINE ERROR_MESSAGE ERROR_NUMBER
        ERROR_PROCEDURE ERROR_SEVERITY ERROR_STATE EVENTDATA FILE_ID FILE_IDEX FILE_NAME FILEGROUP_ID FILEGROUP_NAME
        FILEGROUPPROPERTY FILEPROPERTY FORMATMESSAGE FULLTEXTCATALOGPROPERTY FULLTEXTSERVICEPROPERTY
        GET_FILESTREAM_TRANSACTION_CONTEXT GETANSINULL HAS_DBACCESS HAS_PERMS_BY_NAME HOST_ID HOST_NAME IDENT_CURRENT
        IDENT_INCR IDENT_SEED INDEX_COL INDEXKEY_PROPERTY INDEXPROPERTY IS_MEMBER IS_OBJECTSIGNED IS_ROLEMEMBER
        IS_SRVROLEMEMBER ISNULL ISNUMERIC LOGINPROPERTY MIN_ACTIVE_ROWVERSION NEWID NEWSEQUENTIALID
        OBJECT_DEFINITION OBJECT_ID OBJECT_NAME OBJECT_SCHEMA_NAME OBJECTPROPERTY OBJECTPROPERTYEX ORIGINAL_DB_NAME
        ORIGINAL_LOGIN PARSENAME PERMISSIONS PUBLISHINGSERVERNAME PWDCOMPARE PWDENCRYPT ROWCOUNT_BIG SCHEMA_ID
        SCHEMA_NAME SCOPE_IDENTITY SERVERPROPERTY SESSIONPROPERTY SQL_VARIANT_PROPERTY STATS_DATE SUSER_ID SUSER_NAME
        SUSER_SID SUSER_SNAME TRIGGER_NESTLEVEL TYPE_ID TYPE_NAME TYPEPROPERTY UPDATE USER_ID USER_NAME XACT_STATE
        ASYMKEY_ID ASYMKEYPROPERTY CERT_ID CERTPROPERTY DECRYPTBYASYMKEY DECRYPTBYCERT DECRYPTBYKEY
        DECRYPTBYKEYAUTOASYMKEY DECRYPTBYKEYAUTOCERT DECRYPTBYPASSPHRASE ENCRYPTBYASYMKEY ENCRYPTBYCERT ENCRYPTBYKEY
        ENCRYPTBYPASSPHRASE HASHBYTES KEY_GUID KEY_ID KEY_NAME SIGNBYASYMKEY SIGNBYCERT SYMKEYPROPERTY
        VERIFYSIGNEDBYASYMKEY VERIFYSIGNEDBYCERT CRYPT_GEN_RANDOM
        """);

    /// <summary>Table functions that may stand without a schema.</summary>
    public static readonly HashSet<string> TableFunctions = Names("""
        fn_builtin_permissions fn_get_audit_file fn_helpcollations fn_listextendedproperty fn_my_permissions
        fn_servershareddrives fn_virtualfilestats fn_virtualservernodes
        """);

    /// <summary>
    /// Views, functions and procedures of the system that came later and that a set-up is tempted to use. Not complete:
    /// an unknown name in sys may also be one that this list forgot, so here the newer ones are listed.
    /// </summary>
    public static readonly HashSet<string> NewerSystemObjects = Names("""
        sequences column_store_segments database_scoped_configurations database_scoped_credentials
        database_automatic_tuning_options security_policies security_predicates masked_columns periods
        column_master_keys column_encryption_keys external_tables external_data_sources query_store_query
        dm_os_host_info dm_os_enumerate_fixed_drives dm_os_file_exists dm_server_services dm_server_registry
        dm_db_uncontained_entities dm_db_stats_properties dm_db_log_info dm_db_log_stats dm_db_page_info
        dm_exec_input_buffer dm_exec_session_wait_stats dm_exec_describe_first_result_set
        dm_exec_describe_first_result_set_for_object dm_hadr_database_replica_states availability_groups
        availability_replicas availability_databases_cluster
        sp_describe_first_result_set sp_describe_undeclared_parameters sp_set_session_context sp_sequence_get_range
        sp_migrate_user_to_contained
        """);
}
