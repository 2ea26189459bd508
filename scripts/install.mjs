// Runs on whatever Node the machine has (20 or later): brings in the packages, among them the Node that everything
// else runs on. Used by `npm start`, `npm test` and `npm run build`, so that each works on a fresh clone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const isWindows = process.platform === 'win32';
/** The Node of this project (package.json, devDependency `node`), not that of the machine. */
export const node = isWindows
  ? join(root, 'node_modules', 'node', 'bin', 'node.exe')
  : join(root, 'node_modules', 'node', 'bin', 'node');

/** Runs `npm install` when the installed packages are not those of package-lock.json. Its output goes to stderr. */
export function ensureInstalled() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.storedb-lock');
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('storedb: installing packages (npm install), once.\n');
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: npm === undefined && isWindows };
  // Not `npm ci`: where a registry lacks the package of some other platform, it refuses a lock file made there.
  const flags = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const result =
    npm === undefined
      ? spawnSync('npm', flags, options)
      : spawnSync(process.execPath, [npm, ...flags], options);
  if (result.status !== 0) {
    process.stderr.write('storedb: npm install failed; see above. It needs the npm registry.\n');
    process.exit(result.status ?? 1);
  }
  if (!existsSync(node)) {
    process.stderr.write(
      'storedb: the package "node" brought no Node: allow its install script (npm install-scripts approve node).\n',
    );
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

/** Runs a script or a tool on the project's own Node and gives its exit code. */
export function run(args, environment = {}) {
  const path = `${bin}${isWindows ? ';' : ':'}${process.env.PATH ?? ''}`;
  const result = spawnSync(node, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path, ...environment },
  });
  if (result.error) throw result.error;
  return result.signal === null ? (result.status ?? 1) : 128;
}

/** The script behind a package's command, to be run with `run`. */
export function tool(packageName, path) {
  return join(root, 'node_modules', packageName, path);
}
