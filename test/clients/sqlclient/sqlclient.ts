/** Runs the C# program of this folder, Microsoft.Data.SqlClient, on a server. */

import { fileURLToPath } from 'node:url';
import { jsonLines, prepareDotnetProgram } from '../../dotnet-program.ts';

/** A check of the program; `problem` is null when it holds. */
export type ClientCheck = { readonly name: string; readonly problem: string | null };

export type ClientServer = {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** A file with the server's certificate. */
  readonly certificate: string;
};

/** Microsoft.Data.SqlClient ready to run, or why it cannot be had on this machine. */
export type SqlClient =
  | { readonly kind: 'ready'; check(server: ClientServer): Promise<readonly ClientCheck[]> }
  | { readonly kind: 'unavailable'; readonly reason: string };

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Only a missing SDK or ICU and an unreachable NuGet are `unavailable`; any other failure is thrown with what the SDK said. */
export async function prepareSqlClient(environment: NodeJS.ProcessEnv = process.env): Promise<SqlClient> {
  // The driver refuses to run so (https://learn.microsoft.com/dotnet/core/runtime-config/globalization).
  if (/^(1|true)$/i.test(environment.DOTNET_SYSTEM_GLOBALIZATION_INVARIANT ?? ''))
    return { kind: 'unavailable', reason: 'no ICU, .NET runs without globalization' };
  const place = { folder, name: 'sqlclient', cache: 'clients/sqlclient' };
  const program = await prepareDotnetProgram(place, environment);
  if (program.kind === 'unavailable') return program;
  return {
    kind: 'ready',
    check: async ({ port, user, password, certificate }) => {
      const ended = await program.run({
        args: ['127.0.0.1', String(port), user, certificate],
        environment: { STOREDB_CHECK_PASSWORD: password },
      });
      if (ended.status !== 0 && ended.status !== 1)
        throw new Error(`the checks of SqlClient ended with ${ended.status}:\n${ended.output}`);
      return jsonLines<ClientCheck>(ended);
    },
  };
}
