import { createHash } from 'node:crypto';
import { ExpectedError } from '../errors.ts';
import type { OperationContext, Outcome, Performer, Progress } from '../plan/operation.ts';
import { editPosConfig, type PosSettings } from './pos-config.ts';

/** Writes the connection of POS into its configuration. */
export type WritePosConfig = {
  readonly kind: 'write-pos-config';
  readonly path: string;
  readonly settings: PosSettings;
  /** Of the file that the plan was made for. */
  readonly sha256: string;
};

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The file as it was stays beside it; a failure leaves it untouched. */
export const writePosConfig: Performer<WritePosConfig> = async function* (
  { path, settings, sha256 }: WritePosConfig,
  { posFiles, clock, hasChanged }: OperationContext,
): AsyncGenerator<Progress, Outcome> {
  const file = await posFiles.read(path).catch((error: unknown) => {
    throw notWritten(path, error);
  });
  if (file === undefined || sha256Of(file.bytes) !== sha256)
    throw new ExpectedError({
      code: 'pos-config-changed',
      exit: 'failedPartWay',
      message: `${path} has changed since the plan was made.`,
      hint: 'Run the same command again; it looks at the file anew.',
    });
  const edited = editPosConfig(file.bytes, settings, path);
  if (edited === file.bytes) return { outcome: 'skipped' };
  try {
    await posFiles.replace(path, edited, clock.now());
  } catch (error) {
    throw notWritten(path, error);
  }
  hasChanged();
  yield { done: 1, total: 1, unit: 'files' };
  return { outcome: 'done' };
};

function notWritten(path: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  return new ExpectedError({
    code: 'pos-config-not-written',
    exit: 'failedPartWay',
    message: `${path} could not be written (${String(error.code)}).`,
    hint: 'Close POS, and run this with an account that may write the file (as administrator).',
    cause: error,
  });
}
