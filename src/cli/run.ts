import type { ExitName } from '../core/errors.ts';
import type { GlobalOptions } from './global-options.ts';

/** What a command does; the number is an exit code that it was given by another process. */
export type Run = (globals: GlobalOptions) => Promise<ExitName | number>;
