import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const artifacts = fileURLToPath(new URL('../../.cache/tsql-lint', import.meta.url));
const program = join(artifacts, 'bin', 'tsql-lint', 'release', 'tsql-lint.dll');
const stamp = join(artifacts, 'built-from');

/** A batch to check; `line` is where its first line stands in `file`. */
export type CheckedBatch = {
  readonly file: string;
  readonly line: number;
  readonly sql: string;
  /** How quoted names are read; default true, as storedb's sessions have it. */
  readonly quotedIdentifier?: boolean;
};

/** Something that SQL Server 2008 R2 would refuse. `number` is the parser's own, 0 for a name that is too new. */
export type Finding = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly number: number;
  readonly message: string;
};

/** Microsoft's parser ready to run, or why it cannot be had on this machine. */
export type Linter =
  | { readonly kind: 'ready'; check(batches: readonly CheckedBatch[]): Promise<readonly Finding[]> }
  | { readonly kind: 'unavailable'; readonly reason: 'no .NET SDK' | 'NuGet cannot be reached' };

const oldestSdk = 10;
/** Errors of `dotnet restore` that mean that no package source answered (https://learn.microsoft.com/nuget/reference/errors-and-warnings/nu1301). */
const unreachable = /\bNU1301\b|\bNU1801\b/;

/**
 * Builds the C# program once per state of its sources (into .cache/) and gives a way to run it. Only a missing SDK and
 * an unreachable NuGet are `unavailable`; any other failure of the build is thrown with what the SDK said.
 */
export async function prepareLinter(environment: NodeJS.ProcessEnv = process.env): Promise<Linter> {
  if (!(await hasSdk(environment))) return { kind: 'unavailable', reason: 'no .NET SDK' };
  const sources = await hashSources();
  if (!existsSync(program) || !existsSync(stamp) || (await readFile(stamp, 'utf8')) !== sources) {
    const restored = await dotnet(['restore', join(here, 'tsql-lint.csproj')], environment);
    if (restored.status !== 0 && unreachable.test(restored.output))
      return { kind: 'unavailable', reason: 'NuGet cannot be reached' };
    if (restored.status !== 0) throw new Error(`dotnet restore failed:\n${restored.output}`);
    const built = await dotnet(
      ['build', join(here, 'tsql-lint.csproj'), '--no-restore', '-c', 'Release'],
      environment,
    );
    if (built.status !== 0) throw new Error(`dotnet build failed:\n${built.output}`);
    await mkdir(artifacts, { recursive: true });
    await writeFile(stamp, sources);
  }
  return { kind: 'ready', check: (batches) => check(batches, environment) };
}

async function check(batches: readonly CheckedBatch[], environment: NodeJS.ProcessEnv) {
  const input = batches.map((batch) => `${JSON.stringify(batch)}\n`).join('');
  const { status, stdout, output } = await dotnet([program], environment, input);
  if (status !== 0 && status !== 1) throw new Error(`The T-SQL check ended with ${status}:\n${output}`);
  const findings = stdout
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Finding);
  if ((status === 1) !== findings.length > 0) throw new Error(`The T-SQL check broke off:\n${output}`);
  return findings;
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
function dotnet(args: readonly string[], environment: NodeJS.ProcessEnv, input = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('dotnet', args, {
      cwd: here,
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
    // The program says itself why it ended; a broken pipe adds nothing to that.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error);
    });
    child.stdin.end(input);
  });
}
