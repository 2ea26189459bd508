import type { PackScript, SchemaPack } from '../schema/pack.ts';
import { compareVersions, isVersion } from '../schema/version.ts';
import { fold } from './detect/ask.ts';
import type { DatabaseContents, JournalEntry } from './detected.ts';

/** What the journal says about the scripts of a pack. */
export type ScriptState = {
  /** Journal entries of scripts that took effect, or are taken as having done so. */
  readonly finished: readonly JournalEntry[];
  /** Scripts that still have to run, in order. */
  readonly pending: readonly PackScript[];
  /** Scripts that an earlier tool ran: they are only written into the journal. */
  readonly toRecord: readonly PackScript[];
};

/** Operations are journaled too, but decided on by what is there: see run-operation.ts. */
const isFinished = ({ outcome, scriptId }: JournalEntry): boolean =>
  (outcome === 'done' || outcome === 'recorded') && !scriptId.startsWith('operation:');

export function scriptStateOf(pack: SchemaPack, contents: DatabaseContents | undefined): ScriptState {
  const finished = contents?.journal.filter(isFinished) ?? [];
  const finishedIds = new Set(finished.map(({ scriptId }) => fold(scriptId)));
  const open = pack.scripts.filter(({ id }) => !finishedIds.has(fold(id)));
  const adopted = adoptedVersion(contents);
  const isAdopted = (script: PackScript) =>
    adopted !== undefined && compareVersions(script.version, adopted) <= 0;
  return {
    finished,
    pending: open.filter((script) => !isAdopted(script)),
    toRecord: open.filter(isAdopted),
  };
}

/**
 * The version up to which an earlier tool brought the database. The journal keeps it from the moment of adoption, so
 * that an adoption that was interrupted half-way goes on recording and does not run the rest on existing tables.
 */
export function adoptedVersion(contents: DatabaseContents | undefined): string | undefined {
  if (contents === undefined) return undefined;
  const entry = contents.journal.find(({ outcome }) => outcome === 'adopted');
  if (entry !== undefined) return entry.version;
  const isAlreadyOurs = contents.bookkeeping.includes('journal');
  return !isAlreadyOurs && contents.dbVersion !== undefined && isVersion(contents.dbVersion)
    ? contents.dbVersion
    : undefined;
}

/** The highest of some versions; undefined for none. */
export function highestVersion(versions: readonly string[]): string | undefined {
  return versions.reduce<string | undefined>(
    (highest, version) =>
      highest === undefined || compareVersions(version, highest) > 0 ? version : highest,
    undefined,
  );
}
