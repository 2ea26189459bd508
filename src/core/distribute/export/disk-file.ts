import { createWriteStream } from 'node:fs';
import type { FileWriter } from './pack-target.ts';

/** A new file that is on the disk, not only on its way there, once it has ended: sticks are pulled out. */
export const diskFile: FileWriter = (path) => createWriteStream(path, { flags: 'wx', flush: true });
