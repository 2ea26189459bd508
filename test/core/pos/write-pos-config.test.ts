import { describe, expect, it } from 'vitest';
import type { OperationContext } from '../../../src/core/plan/operation.ts';
import { type PosSettings, readPosSettings } from '../../../src/core/pos/pos-config.ts';
import { findPosConfig, posConfigActions } from '../../../src/core/pos/pos-config-actions.ts';
import type { PosFiles } from '../../../src/core/pos/pos-files.ts';
import { writePosConfig } from '../../../src/core/pos/write-pos-config.ts';

const path = 'C:\\POS\\POS.exe.config';
const before = '<configuration><AxRetailPOS StoreId="OLD" TerminalId="HOUSTON-1"/></configuration>';
const target = { role: 'store', server: 'SRV01', database: 'AX' } as const;
const settings: PosSettings = {
  StoreDatabaseConnectionString: 'Data Source=SRV01',
  OfflineDatabaseConnectionString: '',
  StoreId: 'HOUSTON',
  TerminalId: 'HOUSTON-1',
  DATAAREAID: 'usrt',
};

/** One file in memory, and what happens to who reads or writes it. */
function filesWith(text: string, trouble: { readonly read?: string; readonly write?: string } = {}) {
  const held = { bytes: new TextEncoder().encode(text), isReadOnly: false, replaced: 0 };
  const failure = (code: string) => Object.assign(new Error('no'), { code });
  const files: PosFiles = {
    findConfig: async () => path,
    read: async () => {
      if (trouble.read !== undefined) throw failure(trouble.read);
      return { bytes: held.bytes, isReadOnly: held.isReadOnly };
    },
    replace: async (_path, bytes) => {
      if (trouble.write !== undefined) throw failure(trouble.write);
      held.bytes = new Uint8Array(bytes);
      held.replaced += 1;
      return `${path}.bak`;
    },
  };
  return { held, files };
}

async function plan(files: PosFiles) {
  const { actions } = posConfigActions(await findPosConfig(undefined, files), settings, target);
  const [action] = actions;
  if (action?.kind !== 'operation' || action.operation.kind !== 'write-pos-config') return undefined;
  return { action, operation: action.operation };
}

async function perform(
  operation: NonNullable<Awaited<ReturnType<typeof plan>>>['operation'],
  files: PosFiles,
) {
  let hasChanged = false;
  const context = {
    posFiles: files,
    clock: { now: () => new Date(0) },
    hasChanged: () => {
      hasChanged = true;
    },
  } as unknown as OperationContext;
  const steps = writePosConfig(operation, context);
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return { ...step.value, hasChanged };
}

const planned = async (files: PosFiles) => {
  const found = await plan(files);
  if (found === undefined) throw new Error('There was nothing to do.');
  return found;
};

describe('telling POS of its databases', () => {
  it('is planned with the values that change, done once, and not planned again', async () => {
    const { held, files } = filesWith(before);
    const { action, operation } = await planned(files);
    expect(action.describes.join('\n')).toContain('StoreId="HOUSTON"');
    expect(action.describes.join('\n')).not.toContain('TerminalId');
    expect(await perform(operation, files)).toMatchObject({ outcome: 'done', hasChanged: true });
    expect(readPosSettings(held.bytes, path)).toEqual(settings);
    expect(await plan(files)).toBeUndefined();
  });

  it('is refused when the file has changed since', async () => {
    const { held, files } = filesWith(before);
    const { operation } = await planned(files);
    held.bytes = new TextEncoder().encode(before.replace('OLD', 'OTHER'));
    await expect(perform(operation, files)).rejects.toMatchObject({ code: 'pos-config-changed' });
    expect(held.replaced).toBe(0);
  });

  it.each(['EBUSY', 'EACCES', 'ENOSPC'])('says what to do when it cannot be written: %s', async (write) => {
    const { held, files } = filesWith(before, { write });
    const { operation } = await planned(files);
    await expect(perform(operation, files)).rejects.toMatchObject({
      code: 'pos-config-not-written',
      message: expect.stringContaining(write),
    });
    expect(new TextDecoder().decode(held.bytes)).toBe(before);
  });

  it('is refused beforehand when the file is read-only or cannot be read', async () => {
    const { held, files } = filesWith(before);
    held.isReadOnly = true;
    await expect(plan(files)).rejects.toMatchObject({ code: 'pos-config-read-only', exit: 'prerequisite' });
    await expect(plan(filesWith(before, { read: 'EACCES' }).files)).rejects.toMatchObject({
      code: 'pos-config-unreadable',
      exit: 'prerequisite',
    });
  });

  it('is refused for a path that was given and leads nowhere, and warned of where none was given', async () => {
    const nowhere: PosFiles = {
      findConfig: async () => undefined,
      read: async () => undefined,
      replace: async () => '',
    };
    await expect(findPosConfig(path, nowhere)).rejects.toMatchObject({ code: 'pos-config-missing' });
    const { actions, warnings } = posConfigActions(await findPosConfig(undefined, nowhere), settings, target);
    expect(actions).toEqual([]);
    expect(warnings).toMatchObject([{ code: 'pos-config-not-found' }]);
  });
});
