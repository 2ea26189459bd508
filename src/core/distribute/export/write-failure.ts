import { ExpectedError } from '../../errors.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this account is used up',
  EFBIG: 'the file system takes no file of this size',
  EROFS: 'it is write-protected',
  EACCES: 'this account may not write there',
  EPERM: 'this account may not write there',
  ENOENT: 'its folder is not there',
  EIO: 'the disk reports an error',
};

/** A disk that does not take the pack, as something a technician can act on; anything else stays as it is. */
export function writeFailure(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code];
  if (reason === undefined) return error;
  return new ExpectedError({
    code: code === 'ENOSPC' ? 'disk-full' : 'pack-unwritable',
    exit: 'prerequisite',
    message: `The pack ${path} cannot be written: ${reason} (${code}). Nothing was left there.`,
    hint: 'Make room, or give another place.',
    cause: error,
  });
}
