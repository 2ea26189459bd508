import { Secret } from '../../../src/core/secret.ts';
import type { SqlServersOptions } from '../../../src/core/sql/connect.ts';
import { memoryPins } from '../../../src/core/sql/pins.ts';
import type { ConnectionTarget } from '../../../src/core/sql/session.ts';
import {
  LoginRefused,
  type LoginRequest,
  type ResultSink,
  type RpcParameter,
} from '../../../src/practice/engine/results.ts';
import { type Listening, type ListenOptions, listen } from '../../../src/practice/tds/server.ts';

export type Asked = {
  readonly session: number;
  readonly kind: 'batch' | 'query';
  readonly text: string;
  readonly parameters: readonly RpcParameter[];
  readonly sink: ResultSink;
  readonly signal: AbortSignal;
};

export type ScriptedServer = Listening & {
  readonly asked: readonly Asked[];
  readonly logins: readonly LoginRequest[];
};

/** The practice server's wire, with answers that a test writes itself. The driver's opening SETs are answered by nothing. */
export async function scriptedServer(
  answer: (asked: Asked) => Promise<void> | void = () => undefined,
  options: Partial<ListenOptions> & {
    readonly refuse?: (login: LoginRequest) => LoginRefused | undefined;
  } = {},
): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  const logins: LoginRequest[] = [];
  const { refuse, ...listening } = options;
  const take = async (each: Asked) => {
    const isOpening = /^set /i.test(each.text) && /set textsize/i.test(each.text);
    if (!isOpening) {
      asked.push(each);
      await answer(each);
    }
    done(each.sink);
  };
  const server = await listen(
    {
      programName: 'Scripted server',
      version: { major: 16, minor: 0, build: 1000 },
      login: async (login) => {
        logins.push(login);
        const refused = refuse?.(login);
        if (refused) throw refused;
        const session = logins.length;
        return {
          id: session,
          database: login.database || 'master',
          batch: (text, sink, signal) => take({ session, kind: 'batch', text, parameters: [], sink, signal }),
          call: (_procedure, [text, _declarations, ...parameters], sink, signal) =>
            take({ session, kind: 'query', text: String(text?.value), parameters, sink, signal }),
          transaction: async () => undefined,
          bulk: async () => undefined,
          reset: async () => undefined,
          close: async () => undefined,
        };
      },
    },
    { port: 0, onProblem: () => undefined, ...listening },
  );
  return { ...server, asked, logins };
}

export function refused(...errors: readonly (readonly [number: number, text: string])[]): LoginRefused {
  return new LoginRefused(errors.map(([number, text]) => ({ number, state: 1, class: 14, text, line: 1 })));
}

/** One row of nvarchar and int columns. */
export function row(sink: ResultSink, values: Readonly<Record<string, string | number | null>>): void {
  sink.columns(
    Object.entries(values).map(([name, value]) => ({
      name,
      type: typeof value === 'number' ? { kind: 'int' as const } : { kind: 'nvarchar' as const, length: 200 },
      isNullable: true,
    })),
  );
  void sink.row(Object.values(values));
  sink.statementDone({ count: 1, command: 0xc1, isError: false, isInProcedure: false });
}

export function fail(sink: ResultSink, number: number, text: string, severity = 16): void {
  sink.message({ number, state: 3, class: severity, text, line: 7, procedure: 'p' });
}

export function print(sink: ResultSink, text: string): void {
  sink.message({ number: 0, state: 1, class: 0, text, line: 1 });
}

function done(sink: ResultSink): void {
  sink.statementDone({ command: 0, isError: false, isInProcedure: false });
}

export const password = new Secret('Canary#71');

export function target(server: string, more: Partial<ConnectionTarget> = {}): ConnectionTarget {
  return { server, signIn: { kind: 'sql', user: 'setup', password }, encryption: 'trust', ...more };
}

/** Options with which the name SRV01 leads to this computer without being it. */
export function options(more: Partial<SqlServersOptions> = {}): SqlServersOptions {
  return {
    pins: memoryPins(),
    appName: 'storedb test',
    connectTimeoutMs: 5000,
    localNames: [],
    lookup: async (host) => {
      if (host === 'SRV01') return [{ address: '127.0.0.1', family: 4 }];
      throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    },
    ...more,
  };
}
