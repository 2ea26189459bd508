import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { PosFiles } from './pos-files.ts';

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
        const { mode } = await stat(path);
        // Also what Windows calls read-only shows as a file without any write bit.
        return { bytes: await readFile(path), isReadOnly: (mode & 0o222) === 0 };
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return undefined;
        throw error;
      }
    },
    async replace(path, bytes, now) {
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
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, path);
      } catch (error) {
        await unlink(temporary).catch(() => undefined);
        throw error;
      }
      return backup;
    },
  };
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
