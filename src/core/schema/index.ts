/** The face of schema packs. */

export { packFilesOnDisk } from './files-on-disk.ts';
export { loadPack } from './load-pack.ts';
export type { PackFiles, PackScript, SchemaPack } from './pack.ts';
