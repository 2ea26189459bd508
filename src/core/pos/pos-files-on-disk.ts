import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, readdir, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PosFiles } from './pos-files.ts';

/** More than that is no configuration; it is not even read. */
const mostBytes = 64 * 1024 * 1024;
/** Besides the first one, which is POS's own. */
const backupsKept = 9;

const usualFolder = ['Microsoft Dynamics AX', '60', 'Retail POS', 'POS.exe.config'];

export function posFilesOnDisk(environment: Readonly<Record<string, string | undefined>>): PosFiles {
  return {
    async findConfig() {
      const folders = [environment['ProgramFiles(x86)'], environment.ProgramFiles];
      for (const folder of folders) {
        if (folder === undefined) continue;
        const path = join(folder, ...usualFolder);
        if (await exists(path)) return path;
      }
      return undefined;
    },
    async read(path) {
      try {
        const { mode, size } = await stat(path);
        if (size > mostBytes) throw Object.assign(new Error('too big'), { code: 'EFBIG' });
        // Also what Windows calls read-only shows as a file without any write bit.
        return { bytes: await readFile(path), isReadOnly: (mode & 0o222) === 0 };
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return undefined;
        throw error;
      }
    },
    async replace(given, bytes, now) {
      // The file itself and not a link to it is replaced.
      const path = await realpath(given);
      const backup = `${path}.storedb-${now.toISOString().replace(/[-:]|\.\d+/g, '')}.bak`;
      await copyFile(path, backup, constants.COPYFILE_EXCL).catch((error) => {
        // A second run within the same second keeps the older backup, which is the one that matters.
        if (!hasCode(error, 'EEXIST')) throw error;
      });
      const temporary = `${path}.${randomUUID()}.tmp`;
      try {
        const { mode } = await stat(path);
        const file = await open(temporary, 'wx', mode);
        try {
          await file.writeFile(bytes);
          // `open` lets the process's umask take rights away that POS may need.
          await file.chmod(mode);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, path);
      } catch (error) {
        await unlink(temporary).catch(() => undefined);
        throw error;
      }
      await dropOldBackups(path);
      return backup;
    },
  };
}

/** Keeps the first backup and the latest ones. One that cannot be deleted stays: the file itself is written. */
async function dropOldBackups(path: string): Promise<void> {
  const folder = dirname(path);
  const isBackup = (name: string) =>
    name.startsWith(`${basename(path)}.storedb-`) && /\.storedb-\d{8}T\d{6}Z\.bak$/.test(name);
  const names = await readdir(folder).catch(() => []);
  const backups = names.filter(isBackup).sort();
  for (const name of backups.slice(1, -backupsKept)) await unlink(join(folder, name)).catch(() => undefined);
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
