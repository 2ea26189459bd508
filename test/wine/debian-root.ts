/**
 * A Debian 13 with Wine 10 in `.cache/wine/root-...`: the first Wine that runs the Node of the Windows executable. It is
 * made once, in about two minutes, from the mirror that this machine's own apt takes its packages from.
 */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type DebianRoot =
  | { readonly kind: 'ready'; readonly root: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** What is kept between runs. */
export const wineCache = fileURLToPath(new URL('../../.cache/wine', import.meta.url));

const release = 'trixie';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** A mirror that does not answer must not hold a build up for ever. */
const limitMs = 10 * 60_000;

export function prepareRoot(say: (line: string) => void): DebianRoot {
  const recipe = createHash('sha256').update([release, installWine, makePrefix].join()).digest('hex');
  const root = join(wineCache, `root-${recipe.slice(0, 8)}`);
  if (process.platform !== 'linux' || process.arch !== 'x64') return unavailable('not on Linux x64');
  if (process.getuid?.() !== 0) return unavailable('changing into a root of its own takes root');
  if (run('unshare', ['--mount', '--pid', '--fork', 'true']).status !== 0)
    return unavailable('this machine gives out no mount namespaces');
  if (existsSync(root)) return { kind: 'ready', root };
  const mirror = ownMirror();
  if (mirror === undefined) return unavailable('apt here knows no Debian mirror');
  if (!existsSync(keyring)) return unavailable(`no ${keyring} (package debian-archive-keyring)`);
  const debootstrap = findDebootstrap();
  if (debootstrap === undefined)
    return unavailable('no debootstrap, and apt-get cannot download it (apt-get update may help)');

  say('Preparing Debian 13 with Wine 10 in .cache/wine, once; some two minutes and 2 GB.');
  for (const name of readdirSync(wineCache))
    if (name.startsWith('root')) rmSync(join(wineCache, name), { recursive: true });
  const fresh = `${root}.new`;
  mkdirSync(fresh, { recursive: true });
  const made = run(
    debootstrap.program,
    ['--variant=minbase', `--keyring=${keyring}`, release, fresh, mirror],
    { ...process.env, ...debootstrap.environment },
  );
  if (made.status !== 0) return unavailable(`debootstrap failed: ${lastLine(made)}`);
  for (const script of [installWine, makePrefix]) {
    const done = run('unshare', ['--mount', '--pid', '--fork', 'sh', '-ec', inRoot(script), 'sh', fresh]);
    if (done.status !== 0) return unavailable(`Wine could not be set up: ${lastLine(done)}`);
  }
  renameSync(fresh, root);
  return { kind: 'ready', root };
}

/** Wine's own NTLM is that of Samba (ntlm_auth, in winbind). */
const installWine = `export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq --no-install-recommends wine64 wine winbind
apt-get clean`;

/** Without Mono and Gecko, which Wine would else offer to download. */
const makePrefix = `export HOME=/root WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
wineboot -i
wineserver -w`;

/** The script in the root that is the first argument, with what programs expect there, and nothing left mounted after. */
function inRoot(script: string): string {
  return `mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
exec chroot "$1" sh -ec ${quote(script)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Where this machine's apt has Debian itself from; http://HOST/debian. */
function ownMirror(): string | undefined {
  const targets = run('apt-get', [
    'indextargets',
    '--format',
    '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)',
    'Created-By: Packages',
  ]);
  const line = targets.stdout.split('\n').find((target) => target.startsWith('Debian Debian main '));
  return line?.split(' ').at(-1);
}

/** The one that is installed, or one that lies unpacked in the cache: it is a script and needs no installing. */
function findDebootstrap():
  | { readonly program: string; readonly environment: NodeJS.ProcessEnv }
  | undefined {
  if (run('debootstrap', ['--version']).status === 0) return { program: 'debootstrap', environment: {} };
  const tools = join(wineCache, 'tools');
  const program = join(tools, 'usr', 'sbin', 'debootstrap');
  const environment = { DEBOOTSTRAP_DIR: join(tools, 'usr', 'share', 'debootstrap') };
  if (existsSync(program)) return { program, environment };
  mkdirSync(tools, { recursive: true });
  if (run('apt-get', ['download', 'debootstrap'], process.env, tools).status !== 0) return undefined;
  const archive = readdirSync(tools).find((name) => name.endsWith('.deb'));
  if (archive === undefined || run('dpkg', ['-x', join(tools, archive), tools]).status !== 0)
    return undefined;
  return { program, environment };
}

type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

function run(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
  cwd = wineCache,
): Ran {
  mkdirSync(cwd, { recursive: true });
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

function lastLine({ status, stdout, stderr }: Ran): string {
  if (status === null) return 'it took too long';
  return `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? '';
}

function unavailable(reason: string): DebianRoot {
  return { kind: 'unavailable', reason };
}
