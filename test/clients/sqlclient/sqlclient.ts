/** Builds the C# program of this folder once per state of its sources (into .cache/) and runs it on a server. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const artifacts = fileURLToPath(new URL('../../../.cache/clients/sqlclient', import.meta.url));
const project = join(here, 'sqlclient.csproj');
const program = join(artifacts, 'bin', 'sqlclient', 'release', 'sqlclient.dll');
const stamp = join(artifacts, 'built-from');

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

const oldestSdk = 10;
/** Errors of `dotnet restore` that mean that no package source answered (https://learn.microsoft.com/nuget/reference/errors-and-warnings/nu1301). */
const unreachable = /\bNU1301\b|\bNU1801\b/;

/** Only a missing SDK or ICU and an unreachable NuGet are `unavailable`; any other failure is thrown with what the SDK said. */
export async function prepareSqlClient(environment: NodeJS.ProcessEnv = process.env): Promise<SqlClient> {
  if (!(await hasSdk(environment))) return { kind: 'unavailable', reason: 'no .NET SDK' };
  // The driver refuses to run so (https://learn.microsoft.com/dotnet/core/runtime-config/globalization).
  if (/^(1|true)$/i.test(environment.DOTNET_SYSTEM_GLOBALIZATION_INVARIANT ?? ''))
    return { kind: 'unavailable', reason: 'no ICU, .NET runs without globalization' };
  const sources = await hashSources();
  if (!existsSync(program) || !existsSync(stamp) || (await readFile(stamp, 'utf8')) !== sources) {
    const restored = await dotnet(['restore', project], environment);
    if (restored.status !== 0 && unreachable.test(restored.output))
      return { kind: 'unavailable', reason: 'NuGet cannot be reached' };
    if (restored.status !== 0) throw new Error(`dotnet restore failed:\n${restored.output}`);
    const built = await dotnet(['build', project, '--no-restore', '-c', 'Release'], environment);
    if (built.status !== 0) throw new Error(`dotnet build failed:\n${built.output}`);
    await mkdir(artifacts, { recursive: true });
    await writeFile(stamp, sources);
  }
  return { kind: 'ready', check: (server) => check(server, environment) };
}

async function check(
  { port, user, password, certificate }: ClientServer,
  environment: NodeJS.ProcessEnv,
): Promise<readonly ClientCheck[]> {
  const args = [program, '127.0.0.1', String(port), user, certificate];
  const ended = await dotnet(args, { ...environment, STOREDB_CHECK_PASSWORD: password });
  if (ended.status !== 0 && ended.status !== 1)
    throw new Error(`the checks of SqlClient ended with ${ended.status}:\n${ended.output}`);
  return ended.stdout
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ClientCheck);
}

async function hasSdk(environment: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    const { stdout } = await dotnet(['--list-sdks'], environment);
    return stdout.split('\n').some((line) => Number.parseInt(line, 10) >= oldestSdk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(here)).filter((name) => /\.(cs|csproj|props)$/.test(name)).sort();
  for (const name of names) hash.update(name).update(await readFile(join(here, name)));
  return hash.digest('hex');
}

type Ended = { readonly status: number | null; readonly stdout: string; readonly output: string };

/** Runs `dotnet` to its end. Rejects with ENOENT where there is none. */
function dotnet(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('dotnet', args, {
      cwd: here,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...environment,
        DOTNET_CLI_TELEMETRY_OPTOUT: '1',
        DOTNET_NOLOGO: '1',
        DOTNET_CLI_UI_LANGUAGE: 'en',
        // A build server would outlive the check.
        DOTNET_CLI_USE_MSBUILD_SERVER: '0',
        MSBUILDDISABLENODEREUSE: '1',
        UseSharedCompilation: 'false',
      },
    });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, output }));
  });
}
