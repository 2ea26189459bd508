/** What an error number or connection code means to a technician. `{server}`, `{database}` and `{account}` are filled in. */
export type Explanation = {
  readonly says: string;
  /** The one next thing to do. */
  readonly next: string;
};

const entry = (says: string, next: string): Explanation => ({ says, next });

/**
 * The one table of error numbers of SQL Server and codes of the connection. Numbers are those of
 * https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors; the states
 * of 18456 stand only in the server's own log, a client always sees state 1.
 */
export const explanations: Readonly<Record<string | number, Explanation>> = {
  // Reaching the server.
  'name-not-found': entry(
    'The computer name {server} was not found.',
    'Check the spelling, or type the IP address of the computer.',
  ),
  'port-closed': entry(
    '{server} answers, but SQL Server is not listening on this port.',
    'Start the SQL Server service on it; when it runs, enable TCP/IP in SQL Server Configuration Manager and restart the service.',
  ),
  'no-answer': entry(
    'Nothing answered at {server}.',
    'Check that the computer is on and that its firewall lets this port in.',
  ),
  'no-route': entry(
    'This network does not lead to {server}.',
    'Check the network cable and the IP address of this computer.',
  ),
  'browser-silent': entry(
    'SQL Server Browser on {server} did not answer (UDP port 1434).',
    'Start the service "SQL Server Browser" there and open UDP 1434 in its firewall, or type SERVER,PORT.',
  ),
  'instance-unknown': entry(
    'There is no such instance on {server}.',
    'Type one of the instances that exist there.',
  ),
  'tcp-off': entry(
    'TCP/IP is switched off for this instance on {server}.',
    'Enable TCP/IP in SQL Server Configuration Manager on that computer and restart the instance.',
  ),
  'not-sql-server': entry(
    'What answers at {server} is not SQL Server.',
    'Check the port; SQL Server usually listens on 1433.',
  ),
  // Encryption.
  'certificate-unknown': entry(
    '{server} uses a certificate that this computer cannot check.',
    'Compare the fingerprint with the server, then trust it: T in the wizard, or encryption: trust in the answers file.',
  ),
  'certificate-changed': entry(
    '{server} shows another certificate than the one that was accepted.',
    'SQL Server makes itself a new certificate at each restart when none is set up: if it was restarted, accept the new one; if not, ask who runs the network. A certificate set up in SQL Server Configuration Manager stays.',
  ),
  'tls-too-old': entry(
    '{server} speaks only an encryption that is too old (TLS 1.0 or 1.1).',
    'Install the TLS 1.2 update of that SQL Server, or allow old encryption with encryption: legacy.',
  ),
  'tls-failed': entry(
    '{server} broke off while the encryption was being set up.',
    'Old servers do this: try encryption: legacy. If it stays, look in the log of that SQL Server.',
  ),
  'encryption-off': entry(
    '{server} does not offer encryption.',
    'Let it be switched on there. Only when the network is trusted: encryption: none, which shows the password to anyone who listens.',
  ),
  'encryption-required': entry(
    '{server} accepts only encrypted connections.',
    'Choose encryption: verify or trust.',
  ),
  // Signing in.
  'dropped-at-login': entry(
    '{server} closed the connection during the sign-in.',
    'Look in the log of that SQL Server; too many users or an old encryption are the usual reasons.',
  ),
  'login-timeout': entry(
    '{server} did not finish the sign-in in time.',
    'Wait a minute and try again: it may still be starting.',
  ),
  'connection-lost': entry(
    'The connection to {server} was lost.',
    'Check the network, then run the same command again: it continues.',
  ),
  18456: entry(
    'User or password is wrong for {account}.',
    'Check Caps Lock; ask whether SQL logins are switched on for this server. Its log names the exact reason.',
  ),
  18452: entry(
    '{server} does not trust this Windows account.',
    'Check the domain name; in a workgroup use a SQL login instead.',
  ),
  18470: entry('The login {account} is disabled.', 'Ask the administrator of the server to enable it.'),
  18486: entry(
    'The login {account} is locked after wrong passwords.',
    'Ask the administrator of the server to unlock it.',
  ),
  18487: entry(
    'The password of {account} has expired.',
    'Set a new password with SQL Server Management Studio.',
  ),
  18488: entry(
    'The password of {account} must be changed before the first use.',
    'Set a new password with SQL Server Management Studio.',
  ),
  18401: entry('{server} is still starting or being upgraded.', 'Wait a few minutes and try again.'),
  17187: entry('{server} is still starting.', 'Wait a minute and try again.'),
  17142: entry('{server} is paused.', 'Continue the SQL Server service on that computer.'),
  17809: entry(
    '{server} has as many users as it allows.',
    'Close other programs that use it, or raise "user connections".',
  ),
  17892: entry('A logon trigger on {server} refused the sign-in.', 'Ask the administrator of the server.'),
  18461: entry('{server} runs in single-user mode and is in use.', 'Wait until the maintenance is over.'),
  4060: entry(
    'The database {database} does not exist on {server}, or {account} may not open it.',
    'Check the name of the database; if it exists, let the administrator map the login to it.',
  ),
  4064: entry(
    'The default database of {account} cannot be opened.',
    "Ask the administrator to set the login's default database to master.",
  ),
  916: entry(
    '{account} is not a user of the database {database}.',
    'Ask the administrator to map the login to the database.',
  ),
  // Rights.
  229: entry(
    '{account} lacks a right on an object in {database}.',
    'Ask the administrator for the right that the message names.',
  ),
  230: entry(
    '{account} lacks a right on a column in {database}.',
    'Ask the administrator for the right that the message names.',
  ),
  262: entry(
    '{account} lacks a right in {database}: see the message for its name.',
    'Ask the administrator for it, for example GRANT CREATE ANY DATABASE TO the login.',
  ),
  297: entry(
    '{account} lacks the right for this.',
    'Sign in with an account of the server role sysadmin for the set-up.',
  ),
  300: entry(
    '{account} lacks the right VIEW SERVER STATE or another right of the server.',
    'Ask the administrator for the right that the message names.',
  ),
  5011: entry(
    '{account} may not change the database {database}, or it does not exist.',
    'Sign in with an account that owns the database.',
  ),
  15151: entry(
    'The name cannot be found, or {account} lacks the right to it.',
    'Sign in with an account of the server role sysadmin for the set-up.',
  ),
  15247: entry(
    '{account} may not change settings of the server.',
    'Sign in with an account of the server role sysadmin for the set-up.',
  ),
  // Creating and filling databases.
  1801: entry(
    'The database {database} exists already.',
    'Choose another name, or continue with the existing database.',
  ),
  1802: entry(
    'The files of the database {database} could not be created.',
    'Check the data folder of the server; the message before this one names the file.',
  ),
  1807: entry('Another connection holds the database model.', 'Try again in a minute.'),
  1827: entry(
    'The database {database} has reached the 10 GB of SQL Server Express.',
    'Remove old data, or move to an edition without the limit.',
  ),
  1105: entry(
    'The disk or file group of {database} is full.',
    'Free space on the disk of the server, or let its files grow.',
  ),
  9002: entry('The log of {database} is full.', 'Free space on the disk of the server, or back up the log.'),
  5118: entry(
    'A database file stands in a compressed folder.',
    'Switch the compression of the data folder off.',
  ),
  5123: entry(
    'The account of the SQL Server service may not write into the data folder.',
    'Give that account full access to the folder that the message names.',
  ),
  5133: entry(
    'The data folder does not exist or cannot be read.',
    'Create the folder that the message names, or correct the default path of the server.',
  ),
  5170: entry(
    'A file of an earlier database of this name still stands in the data folder.',
    'Move the file that the message names away; do not delete it before someone looked at it.',
  ),
  15023: entry(
    'The user exists in {database} already, perhaps left over from another server.',
    'Map it again: ALTER USER name WITH LOGIN = name.',
  ),
  15025: entry('The login exists already.', 'Use the existing login, or choose another name.'),
  15401: entry('The Windows account was not found.', 'Check the spelling: DOMAIN\\name or COMPUTER\\name.'),
  15116: entry(
    'The password is too short or too simple for the rules of the server.',
    'Choose a longer password with several kinds of characters.',
  ),
  15118: entry(
    'The password is too simple for the rules of the server.',
    'Choose a longer password with several kinds of characters.',
  ),
  // The state of a database.
  924: entry('{database} is in single-user mode and in use.', 'Wait until the maintenance is over.'),
  927: entry('{database} is being restored.', 'Wait until the restore is over.'),
  942: entry('{database} is offline.', 'Bring it online: ALTER DATABASE name SET ONLINE.'),
  945: entry(
    '{database} cannot be opened: files are missing, or memory or disk is full.',
    'Look in the log of that SQL Server.',
  ),
  948: entry('{database} comes from a newer SQL Server.', 'Use a server of that version or newer.'),
  1813: entry(
    '{database} could not be opened; it may come from a newer SQL Server.',
    'Look in the log of that SQL Server.',
  ),
  3906: entry('{database} is read-only.', 'Make it writable: ALTER DATABASE name SET READ_WRITE.'),
  468: entry(
    'Texts of different collations meet in a comparison.',
    'The collation of {database} differs from that of the server: choose the collation that the server has.',
  ),
  // Data and traffic.
  207: entry(
    'A column that the script uses does not exist.',
    'Check that the script and the database belong to the same version.',
  ),
  208: entry(
    'A table or view that the script uses does not exist.',
    'Check that the script and the database belong to the same version.',
  ),
  547: entry('A row breaks a rule between tables.', 'Look at the row that the message names.'),
  2601: entry('A row with the same key exists already.', 'Look at the row that the message names.'),
  2627: entry('A row with the same key exists already.', 'Look at the row that the message names.'),
  2714: entry('An object of this name exists already.', 'Check whether an earlier tool made it.'),
  1205: entry('Two connections waited for each other, and this one was chosen to give way.', 'Run it again.'),
  1222: entry(
    'Another connection holds what this one needs.',
    'Close other programs that use {database} and run it again.',
  ),
  3960: entry('Another connection changed the same row at the same moment.', 'Run it again.'),
};
