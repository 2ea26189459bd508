import type { Pack } from './pack/pack.ts';

/** A pack that is to be loaded, and which of its jobs; undefined = all of them. */
export type InitialData = { readonly pack: Pack; readonly jobs: readonly string[] | undefined };
