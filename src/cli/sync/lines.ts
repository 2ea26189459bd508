import type { Finding } from '../../core/plan/index.ts';
import type { CycleOutcome, CycleResult, ScopeResult, SyncEvent } from '../../core/sync/events.ts';
import { amount, directionWord, elapsed, rowsWord } from '../../core/words.ts';

/** Turns the events of the synchronisation into the lines that a technician reads; [] where nothing is to be said. */
export type SyncLineWriter = (event: SyncEvent) => readonly string[];

/** Milliseconds between two lines about the rows of one scope. */
const progressPause = 1000;

/** Columns of a scope's name; most of the names of head office are shorter. */
const nameWidth = 36;

/** Every scope of one cycle, and what it comes to. `elapsedMs` is a clock that never jumps. */
export function cycleLines(elapsedMs: () => number): SyncLineWriter {
  let lastProgress = elapsedMs();
  return (event) => {
    switch (event.kind) {
      case 'rows-moved': {
        if (elapsedMs() - lastProgress < progressPause) return [];
        lastProgress = elapsedMs();
        const of =
          event.total > 0 ? `${amount(event.done)} of ${rowsWord(event.total)}` : rowsWord(event.done);
        return [`  working  ${event.scope}: ${event.table}, ${of}`];
      }
      case 'scope-started':
        lastProgress = elapsedMs();
        return [];
      case 'scope-finished':
        return scopeLines(event);
      case 'finding':
        return findingLines(event.finding);
      case 'cycle-finished':
        return [...event.findings.flatMap(findingLines), verdict(event)];
      case 'cycle-started':
      case 'waiting':
        return [];
    }
  };
}

/**
 * What is worth a line while the synchronisation goes on for days: scopes that moved rows or met trouble, trouble that
 * has not been told since the cycle before, and its end. `time` is the clock on the wall.
 */
export function loopLines(time: () => string): SyncLineWriter {
  let told: ReadonlySet<string> = new Set();
  let heard = new Set<string>();
  let isBackingOff = false;
  const news = (findings: readonly Finding[]) =>
    findings.flatMap((finding) => {
      const isNew = !told.has(finding.message) && !heard.has(finding.message);
      heard.add(finding.message);
      return isNew ? findingLines(finding) : [];
    });
  return (event) => {
    switch (event.kind) {
      case 'cycle-started':
        heard = new Set();
        return [];
      case 'scope-finished': {
        const [line = ''] = scopeLines(event);
        const trouble = news(event.findings);
        return movedIn(event) || trouble.length > 0 ? [`${time()}${line}`, ...trouble] : trouble;
      }
      case 'finding':
        return news([event.finding]);
      case 'cycle-finished': {
        const trouble = news(event.findings);
        const isSound = event.outcome === 'done';
        const isOver = isSound && told.size > 0;
        told = heard;
        heard = new Set();
        if (isSound) isBackingOff = false;
        return isOver ? [...trouble, `${time()}  The synchronisation is in order again.`] : trouble;
      }
      case 'waiting': {
        if (event.why === 'idle' || isBackingOff) return [];
        isBackingOff = true;
        return [
          `${time()}  Trying again in ${elapsed(event.milliseconds)}, and from then on until it works.`,
        ];
      }
      case 'rows-moved':
      case 'scope-started':
        return [];
    }
  };
}

/** `  ok       Prices and discounts                 down    220 rows  (under 1 s)` */
export function scopeLines(result: ScopeResult): readonly string[] {
  const { scope, direction, outcome, startedUtc, finishedUtc, findings } = result;
  const word = { done: 'ok', partly: 'warning', failed: 'failed' }[outcome].padEnd(8);
  const took = elapsed(finishedUtc.getTime() - startedUtc.getTime());
  const place = `${scope.padEnd(nameWidth)}  ${directionWord(direction).padEnd(4)}`;
  return [`  ${word} ${place}  ${movedWords(result)}  (${took})`, ...findings.flatMap(findingLines)];
}

function movedIn({ downloaded, uploaded }: ScopeResult): boolean {
  return downloaded.total + uploaded.total > 0;
}

/** What went which way: `14 rows`, or `14 down, 2 up` where both are possible; parked rows are named. */
function movedWords({ direction, downloaded, uploaded }: ScopeResult): string {
  const parked = downloaded.parked + uploaded.parked;
  const words =
    direction === 'bidirectional'
      ? `${amount(downloaded.ok)} down, ${amount(uploaded.ok)} up`
      : rowsWord(direction === 'download' ? downloaded.ok : uploaded.ok);
  return parked > 0 ? `${words}, ${amount(parked)} parked` : words;
}

function findingLines({ message, hint }: Finding): readonly string[] {
  return [`           ${message}`, ...(hint === '' ? [] : [`           Next: ${hint}`])];
}

const verdicts: Readonly<Record<CycleOutcome, string>> = {
  done: 'Synchronised',
  partly: 'Synchronised in part',
  failed: 'Not synchronised',
  busy: 'Not begun: another run is at work',
  unreachable: 'Not begun: a server cannot be reached',
};

function verdict({ outcome, scopes, took }: CycleResult): string {
  const words = verdicts[outcome];
  if (outcome === 'busy' || outcome === 'unreachable') return `${words}.`;
  const sum = (count: (scope: ScopeResult) => number) =>
    scopes.reduce((total, scope) => total + count(scope), 0);
  const down = sum(({ downloaded }) => downloaded.ok);
  const up = sum(({ uploaded }) => uploaded.ok);
  const parked = sum(({ downloaded, uploaded }) => downloaded.parked + uploaded.parked);
  const counts = `${rowsWord(down)} down, ${amount(up)} up, ${amount(parked)} parked`;
  return `${words}: ${counts}.  (${elapsed(took)})`;
}
