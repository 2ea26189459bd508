import { chmod, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFile } from 'atomically';

/** Lets only administrators and one service at a path, where the platform does not go by its mode. */
type Guard = {
  readonly file: (path: string, service: string) => Promise<void>;
  readonly folder: (path: string, service: string) => Promise<void>;
};

/** Files that only administrators and one service may read; written at once or not at all. */
export type PrivateFiles = {
  write(path: string, content: string | Buffer, service: string): Promise<void>;
  remove(path: string): Promise<void>;
};

const byMode: Guard = { file: async () => undefined, folder: async () => undefined };

/** Mode 0600 in folders of mode 0700; what is written is never open to others, not even for a moment. */
export function privateFiles(guard: Guard = byMode): PrivateFiles {
  return {
    async write(path, content, service) {
      const folder = dirname(path);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      // What is made in it has these rights from the beginning.
      await guard.folder(folder, service);
      await writeFile(path, content, { mode: 0o600, chown: false });
      await guard.file(path, service);
    },
    async remove(path) {
      await rm(path, { recursive: true, force: true });
    },
  };
}
