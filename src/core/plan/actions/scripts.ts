import type { PackScript, SchemaPack } from '../../schema/pack.ts';
import { compareVersions } from '../../schema/version.ts';
import { quoteString } from '../../sql/identifiers.ts';
import type { Action, Batch } from '../plan.ts';
import { highestVersion, scriptStateOf } from '../script-state.ts';
import type { Situation } from '../situation.ts';
import { planned, type Target } from './target.ts';

/** The scripts that are still to run or to be recorded, in order; the last one of a version also writes the version. */
export function runScripts({ contents, pack }: Situation, target: Target): readonly Action[] {
  const { pending, toRecord } = scriptStateOf(pack, contents);
  const recorded = toRecord.map(
    (script): Action => ({
      id: `record:${script.id}`,
      kind: 'record-script',
      title: `Note that ${script.id} has run already`,
      risk: 'changes',
      need: 'necessary',
      target,
      script: journaled(script, pack),
      batches: [],
    }),
  );
  const run = pending.map(
    (script): Action => ({
      id: `script:${script.id}`,
      kind: 'run-script',
      title:
        script.title === undefined ? `Run the script ${script.id}` : `${script.title} (${script.version})`,
      risk: contents === undefined ? 'creates' : 'changes',
      need: 'necessary',
      target,
      script: journaled(script, pack),
      batches: isLastOfVersion(script, pack)
        ? [...script.batches, writeVersion(script.version)]
        : script.batches,
    }),
  );
  return [...recorded, ...run];
}

/**
 * POS refuses to start without the version row, and the original utility ran everything again when it was missing.
 * The journal knows better: when all scripts have run, the row is put right.
 */
export function repairVersion({ contents, pack }: Situation, target: Target): readonly Action[] {
  if (contents === undefined || !contents.hasPosInfo) return [];
  const { finished, pending, toRecord } = scriptStateOf(pack, contents);
  const version = highestVersion(finished.map((entry) => entry.version));
  if (pending.length > 0 || toRecord.length > 0 || version === undefined) return [];
  if (contents.dbVersion !== undefined && compareVersions(contents.dbVersion, version) >= 0) return [];
  return [
    {
      id: 'version',
      kind: 'run-batches',
      title: `Write the version ${version} into POSISINFO`,
      risk: 'changes',
      need: 'necessary',
      target,
      batches: [writeVersion(version)],
    },
  ];
}

function journaled(script: PackScript, pack: SchemaPack) {
  const { id, version, sha256, isTransactional } = script;
  return { pack: pack.name, id, version, sha256, isTransactional };
}

function isLastOfVersion(script: PackScript, pack: SchemaPack): boolean {
  return pack.scripts.findLast(({ version }) => compareVersions(version, script.version) === 0) === script;
}

/** A customer's pack may bring POSISINFO in a later version, or not at all when it only adds tables. */
function writeVersion(version: string): Batch {
  const text = quoteString(version);
  return planned(`IF OBJECT_ID(N'dbo.POSISINFO', N'U') IS NOT NULL
BEGIN
  UPDATE dbo.POSISINFO SET [TEXT] = ${text} WHERE ID = N'DBVERSION';
  IF @@ROWCOUNT = 0 INSERT INTO dbo.POSISINFO (ID, [TEXT]) VALUES (N'DBVERSION', ${text});
END;`);
}
