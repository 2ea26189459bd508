import type koffi from 'koffi';
import { ExpectedError } from '../errors.ts';

type Koffi = typeof koffi;
/** A library of Windows with its functions still to be declared. */
export type Library = ReturnType<Koffi['load']>;

/**
 * Functions of Windows libraries, declared when they are first asked for. koffi is compiled code that travels inside
 * the Windows executable alone; nothing on another platform may need it, so that asking there is a bug.
 */
export function bindings<Calls>(
  declare: (koffi: Koffi, load: (library: string) => Library) => Calls,
): () => Promise<Calls> {
  let declared: Promise<Calls> | undefined;
  return () => {
    if (process.platform !== 'win32')
      throw new Error('A library of Windows was asked for on another platform.');
    declared ??= loadKoffi().then((koffi) => declare(koffi, (library) => koffi.load(library)));
    return declared;
  };
}

async function loadKoffi(): Promise<Koffi> {
  try {
    return (await import('koffi')).default;
  } catch (error) {
    throw new ExpectedError({
      code: 'windows-part-missing',
      exit: 'prerequisite',
      message: `The part of storedb that speaks to Windows cannot be loaded: ${error instanceof Error ? error.message : error}`,
      hint: 'Allow storedb in the antivirus program (it unpacks koffi.node into the folder .cache of your profile), and run the same command again.',
      cause: error,
    });
  }
}

/** The address of something that Windows owns; 0 and null are none. */
export type Pointer = bigint;
