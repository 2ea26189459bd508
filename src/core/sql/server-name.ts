import { isIP, isIPv4, isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import { ExpectedError } from '../errors.ts';

/** A server name as it is understood: where to connect, and what to say about it. */
export type ServerName = {
  /** A name or address for the resolver; never brackets, never `.` or `(local)`. */
  readonly host: string;
  /** Missing = ask SQL Browser for the port of `instance`. */
  readonly port?: number;
  readonly instance?: string;
  /** How the server is called in messages: as typed, without prefix and quotes. */
  readonly label: string;
  /** The server is this computer, and the connection never leaves it. */
  readonly isLoopback: boolean;
  /** What was read differently from how it may have been meant, in whole sentences. */
  readonly notes: readonly string[];
};

const defaultPort = 1433;
/** Letters as SQL Server's setup allows them in an instance name; at most 16. */
const instanceForm = /^[\p{L}_&#][\p{L}\p{N}_$#&]{0,15}$/u;
const hostForm = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]{0,252})$/u;
const localWords = new Set(['.', '(local)', '(.)', 'localhost']);

/** The names under which this computer knows itself: the default of `parseServerName`. */
function ownNames(): readonly string[] {
  const own = hostname();
  return [own, own.split('.')[0] ?? own];
}

/**
 * Understands what technicians type for a server: `SRV01`, `SRV01\RETAIL`, `SRV01,1500`, `.\SQLEXPRESS`, `(local)`,
 * `tcp:SRV01,1433`, `[fe80::1],1433`, also in quotes. A port wins over an instance name, as it does in Microsoft's
 * clients. Throws ExpectedError (exit `answers`, code `server-name`) that says what to type instead.
 */
export function parseServerName(text: string, localNames: readonly string[] = ownNames()): ServerName {
  const typed = unquoted(text);
  if (typed === '')
    throw refusal(
      text,
      'No server was given.',
      'Type the name of the SQL Server computer, for example SRV01 or SRV01\\RETAIL.',
    );
  const { rest, isForcedLocal } = withoutProtocol(typed);
  const notes: string[] = [];
  const parts = takeApart(rest, text, notes);
  const isOwn = isForcedLocal || isThisComputer(parts.host, localNames);
  const host = isOwn && isIP(parts.host) === 0 ? 'localhost' : parts.host;
  checkHost(host, text);
  const instance = checkedInstance(parts.instance, text);
  const isDefault = instance?.toUpperCase() === 'MSSQLSERVER' || instance === undefined;
  const port = parts.port ?? (isDefault ? defaultPort : undefined);
  if (parts.port !== undefined && !isDefault) {
    notes.push(`The port ${parts.port} decides; the instance name ${instance} is not looked up.`);
  }
  return {
    host,
    ...(port === undefined ? {} : { port }),
    ...(isDefault ? {} : { instance }),
    label: rest,
    isLoopback: isOwn,
    notes,
  };
}

/**
 * The key under which facts about a server are remembered, and by which two spellings are one server. A typed port
 * decides, as it does for the connection; without one the instance does, because its port may change at a restart.
 */
export function serverKey(name: ServerName): string {
  const host = name.isLoopback ? 'localhost' : name.host.toLowerCase();
  return name.port === undefined ? `${host}\\${(name.instance ?? '').toUpperCase()}` : `${host},${name.port}`;
}

type Parts = {
  readonly host: string;
  readonly port?: number | undefined;
  readonly instance?: string | undefined;
};

function unquoted(text: string): string {
  const trimmed = text.trim();
  const quoted = /^(["'“”‘’])(.*)["'“”‘’]$/su.exec(trimmed);
  return quoted?.[2] === undefined ? trimmed : quoted[2].trim();
}

function withoutProtocol(typed: string): { readonly rest: string; readonly isForcedLocal: boolean } {
  // First, and without repeating any of it: these hold passwords.
  if (/:\/\/|[;=@]/.test(typed)) {
    throw new ExpectedError({
      code: 'server-name',
      exit: 'answers',
      message: 'This looks like a connection string or an address with a protocol, not like a server name.',
      hint: 'Type only the name of the server, for example SRV01 or SRV01\\RETAIL or SRV01,1433.',
    });
  }
  if (/^np:/i.test(typed) || /^\\\\[^\\]+\\pipe(\\|$)/i.test(typed)) {
    throw refusal(
      typed,
      'Named pipes are not supported.',
      'Enable TCP/IP for SQL Server in SQL Server Configuration Manager and type SERVER or SERVER\\INSTANCE.',
    );
  }
  if (/^\(localdb\)/i.test(typed)) {
    throw refusal(
      typed,
      'LocalDB cannot be reached over TCP/IP.',
      'Install SQL Server Express on this computer and type .\\SQLEXPRESS.',
    );
  }
  if (/^admin:/i.test(typed)) {
    throw refusal(
      typed,
      'The administrator connection (admin:) is not supported.',
      `Type ${typed.slice(6).trim() || 'the server'} without "admin:".`,
    );
  }
  if (typed.startsWith('\\\\')) {
    throw refusal(
      typed,
      'A server name does not begin with two backslashes.',
      `Type ${typed.replace(/^\\+/, '')}.`,
    );
  }
  if (typed.includes('/')) {
    throw refusal(
      typed,
      'An instance name is set off with a backslash, not with a slash.',
      `Type ${typed.replaceAll('/', '\\')}.`,
    );
  }
  const local = /^lpc:/i.exec(typed);
  if (local) return { rest: typed.slice(local[0].length).trim() || '.', isForcedLocal: true };
  return { rest: typed.replace(/^tcp:\s*/i, ''), isForcedLocal: false };
}

/** Splits host, instance and port; brackets only around IPv6 addresses. */
function takeApart(rest: string, typed: string, notes: string[]): Parts {
  if (isIPv6(rest)) return { host: rest };
  const bracketed = /^\[([^\]]*)\](.*)$/s.exec(rest);
  if (bracketed) {
    const [, address = '', tail = ''] = bracketed;
    if (!isIPv6(address))
      throw refusal(
        typed,
        `"${address}" is not an IPv6 address.`,
        'Brackets stand only around an IPv6 address, for example [fe80::1],1433.',
      );
    return { ...splitTail(tail, typed, notes), host: address };
  }
  const end = rest.search(/[\\,:]/);
  if (end === -1) return { host: rest };
  return { ...splitTail(rest.slice(end), typed, notes), host: rest.slice(0, end).trim() };
}

/** `\INSTANCE`, `,PORT` or both; `:PORT` is the common typing mistake for `,PORT`. */
function splitTail(tail: string, typed: string, notes: string[]): Omit<Parts, 'host'> {
  const match = /^\s*(?:\\([^\\,:]*))?\s*(?:([,:])(.*))?$/s.exec(tail);
  if (!match)
    throw refusal(
      typed,
      'The server name has more parts than a server has.',
      'Type SERVER, SERVER\\INSTANCE or SERVER,PORT.',
    );
  const [, instance, separator, portText] = match;
  if (separator === ':') notes.push('The port was set off with a colon; SQL Server names use a comma.');
  const port = portText === undefined ? undefined : checkedPort(portText.trim(), typed);
  return { instance: instance?.trim(), port };
}

function checkedPort(text: string, typed: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) {
    throw refusal(
      typed,
      `"${text}" is not a port.`,
      'Type a port from 1 to 65535 after the comma, for example SRV01,1433.',
    );
  }
  return port;
}

function checkedInstance(instance: string | undefined, typed: string): string | undefined {
  if (instance === undefined) return undefined;
  if (instance === '')
    throw refusal(
      typed,
      'The instance name after the backslash is missing.',
      'Type SERVER\\INSTANCE, or only SERVER for the default instance.',
    );
  if (!instanceForm.test(instance)) {
    throw refusal(
      typed,
      `"${instance}" cannot be the name of a SQL Server instance.`,
      'An instance name begins with a letter and has at most 16 letters, digits, _ or $.',
    );
  }
  return instance;
}

function checkHost(host: string, typed: string): void {
  if (isIP(host) !== 0) return;
  if (host === '')
    throw refusal(
      typed,
      'The name of the computer is missing.',
      'Type it before the backslash or comma; a dot means this computer: .\\SQLEXPRESS.',
    );
  if (/^[\d.]+$/.test(host))
    throw refusal(
      typed,
      `"${host}" is not a complete IP address.`,
      'Type four numbers from 0 to 255 with dots between them, for example 192.168.4.10.',
    );
  if (!hostForm.test(host)) {
    throw refusal(
      typed,
      `"${host}" cannot be the name of a computer.`,
      'A computer name has letters, digits, hyphens and dots, and no spaces.',
    );
  }
}

function isThisComputer(host: string, localNames: readonly string[]): boolean {
  const lower = host.toLowerCase();
  if (localWords.has(lower) || lower === '::1' || (isIPv4(host) && host.startsWith('127.'))) return true;
  return localNames.some((own) => own.toLowerCase() === lower);
}

function refusal(typed: string, message: string, hint: string): ExpectedError {
  return new ExpectedError({
    code: 'server-name',
    exit: 'answers',
    message,
    hint,
    details: { server: typed.trim() },
  });
}
