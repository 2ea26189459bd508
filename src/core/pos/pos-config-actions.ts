import { ExpectedError } from '../errors.ts';
import type { RegisterIds } from '../offline/identification/match.ts';
import type { Action, DatabaseTarget, Finding } from '../plan/plan.ts';
import { refusal } from '../plan/refusal.ts';
import type { EncryptionChoice } from '../sql/session.ts';
import { posConnectionString } from './connection-string.ts';
import { editPosConfig, type PosSettings, readPosSettings } from './pos-config.ts';
import type { PosFiles } from './pos-files.ts';
import { sha256Of } from './write-pos-config.ts';

/** The POS.exe.config of this computer; undefined where POS is not installed and no path was given. */
export type PosConfigFile = {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isReadOnly: boolean;
};

/** Looks for the file. Throws when a path was given and there is nothing to be read. */
export async function findPosConfig(
  given: string | undefined,
  files: PosFiles,
): Promise<PosConfigFile | undefined> {
  const path = given ?? (await files.findConfig());
  if (path === undefined) return undefined;
  const file = await files.read(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw refusal(
      'pos-config-unreadable',
      `${path} cannot be read${code}.`,
      'Give the path of POS.exe.config (--pos-config FILE), or run this with an account that may read it.',
    );
  });
  if (file === undefined)
    throw refusal(
      'pos-config-missing',
      `There is no file ${path}.`,
      'Give the path of POS.exe.config: --pos-config FILE.',
    );
  return { path, ...file };
}

type Connection = { readonly server: string; readonly name: string };

export function posSettingsOf(
  ids: RegisterIds,
  store: Connection,
  offline: Connection | undefined,
  encryption: EncryptionChoice,
): PosSettings {
  const options = { encryption, hasOfflineDatabase: offline !== undefined };
  return {
    StoreDatabaseConnectionString: posConnectionString(store, options),
    OfflineDatabaseConnectionString: offline === undefined ? '' : posConnectionString(offline, options),
    StoreId: ids.storeId,
    TerminalId: ids.registerId,
    DATAAREAID: ids.dataAreaId,
  };
}

/** Nothing when the file says so already. Throws when it may not be written, or is not a configuration of POS. */
export function posConfigActions(
  file: PosConfigFile | undefined,
  settings: PosSettings,
  target: DatabaseTarget,
): { readonly actions: readonly Action[]; readonly warnings: readonly Finding[] } {
  if (file === undefined) return { actions: [], warnings: [notFound] };
  const { path, bytes, isReadOnly } = file;
  if (editPosConfig(bytes, settings, path) === bytes) return { actions: [], warnings: [] };
  if (isReadOnly)
    throw refusal(
      'pos-config-read-only',
      `${path} is read-only.`,
      'Take away its read-only attribute (attrib -r, or chmod u+w), then run this again.',
    );
  const before = readPosSettings(bytes, path);
  return {
    actions: [
      {
        id: 'pos-config',
        kind: 'operation',
        title: 'Write POS.exe.config (backup kept)',
        risk: 'changes',
        need: 'necessary',
        target,
        operation: { kind: 'write-pos-config', path, settings, sha256: sha256Of(bytes) },
        describes: [
          `In ${path}, section AxRetailPOS:`,
          ...Object.entries(settings)
            .filter(([name, value]) => before[name as keyof PosSettings] !== value)
            .map(([name, value]) => `  ${name}="${value}"`),
        ],
      },
    ],
    warnings: [],
  };
}

/** For a register that has nothing else to be set up, the file is the whole task. */
export function requirePosConfig(file: PosConfigFile | undefined): PosConfigFile {
  if (file !== undefined) return file;
  throw new ExpectedError({
    code: notFound.code,
    exit: 'prerequisite',
    message: notFound.message,
    hint: notFound.hint,
  });
}

const notFound: Finding = {
  code: 'pos-config-not-found',
  message: 'POS.exe.config was not found in the usual folder, so POS was not told about its databases.',
  hint: 'When POS is installed, run this again with --pos-config FILE.',
};
