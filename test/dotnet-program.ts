/** C# programs that check us from outside: built once per state of their sources (into .cache/), where .NET is present. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `output` is stdout and stderr together, as they came. */
export type Ended = { readonly status: number | null; readonly stdout: string; readonly output: string };

export type RunOptions = {
  readonly args?: readonly string[];
  readonly input?: string;
  readonly environment?: NodeJS.ProcessEnv;
};

/** A program ready to run, or why it cannot be had on this machine. */
export type DotnetProgram =
  | { readonly kind: 'ready'; run(options?: RunOptions): Promise<Ended> }
  | { readonly kind: 'unavailable'; readonly reason: 'no .NET SDK' | 'NuGet cannot be reached' };

const oldestSdk = 10;
/** Errors of `dotnet restore` that mean that no package source answered (https://learn.microsoft.com/nuget/reference/errors-and-warnings/nu1301). */
const unreachable = /\bNU1301\b|\bNU1801\b/;

/**
 * Builds `NAME.csproj` of the folder, whose Directory.Build.props sends all output to `.cache/CACHE`. Only a missing
 * SDK and an unreachable NuGet are `unavailable`; any other failure of the build is thrown with what the SDK said.
 */
export async function prepareDotnetProgram(
  place: { readonly folder: string; readonly name: string; readonly cache: string },
  environment: NodeJS.ProcessEnv = process.env,
): Promise<DotnetProgram> {
  const { folder, name } = place;
  const dotnet = (args: readonly string[], more: NodeJS.ProcessEnv = {}, input = '') =>
    runDotnet(folder, args, { ...environment, ...more }, input);
  if (!(await hasSdk(dotnet))) return { kind: 'unavailable', reason: 'no .NET SDK' };
  const artifacts = fileURLToPath(new URL(`../.cache/${place.cache}`, import.meta.url));
  const project = join(folder, `${name}.csproj`);
  const program = join(artifacts, 'bin', name, 'release', `${name}.dll`);
  const stamp = join(artifacts, 'built-from');
  const sources = await hashSources(folder);
  if (!existsSync(program) || !existsSync(stamp) || (await readFile(stamp, 'utf8')) !== sources) {
    const restored = await dotnet(['restore', project]);
    if (restored.status !== 0 && unreachable.test(restored.output))
      return { kind: 'unavailable', reason: 'NuGet cannot be reached' };
    if (restored.status !== 0) throw new Error(`dotnet restore failed:\n${restored.output}`);
    const built = await dotnet(['build', project, '--no-restore', '-c', 'Release']);
    if (built.status !== 0) throw new Error(`dotnet build failed:\n${built.output}`);
    await mkdir(artifacts, { recursive: true });
    await writeFile(stamp, sources);
  }
  return {
    kind: 'ready',
    run: ({ args = [], input = '', environment: more = {} } = {}) => dotnet([program, ...args], more, input),
  };
}

/** What a program printed as one JSON value a line. */
export function jsonLines<Line>({ stdout }: Ended): readonly Line[] {
  return stdout
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

async function hasSdk(dotnet: (args: readonly string[]) => Promise<Ended>): Promise<boolean> {
  try {
    const { stdout } = await dotnet(['--list-sdks']);
    return stdout.split('\n').some((line) => Number.parseInt(line, 10) >= oldestSdk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function hashSources(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(folder)).filter((name) => /\.(cs|csproj|props)$/.test(name)).sort();
  for (const name of names) hash.update(name).update(await readFile(join(folder, name)));
  return hash.digest('hex');
}

/** Runs `dotnet` to its end. Rejects with ENOENT where there is none. */
function runDotnet(
  folder: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  input: string,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('dotnet', args, {
      cwd: folder,
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
