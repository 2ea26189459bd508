import type { SideStatus, SyncStatus } from '../../core/sync/index.ts';
import { amount, clockTime } from '../../core/words.ts';
import { scopeHeading, scopeLine, widthOf, wrapped } from '../../screens/index.ts';

/** Columns of everything here: the width that every terminal and every mail has. */
const width = 80;

/** The state of the synchronisation as a block of lines that fits 80 columns. */
export function statusLines(status: SyncStatus): readonly string[] {
  const title = `Synchronisation of ${status.register?.registerId ?? 'an unknown register'}`;
  const scopes = status.scopes.map((scope) => `  ${scopeLine(scope, status.atUtc, width, '~')}`);
  return [
    `${title}  (${clockTime(status.atUtc)})`,
    ...(scopes.length === 0 ? [] : [`  ${scopeHeading(width)}`, ...scopes]),
    ...sideLines('Store', status.store),
    ...sideLines('Register', status.offline),
    ...status.scopes
      .filter(({ loading }) => loading > 0)
      .map(
        ({ scope, loading, tables }) =>
          `  loading  ${scope}: ${loading} of ${tables} tables have not come yet`,
      ),
    ...(status.holder === undefined ? [] : [`  At work now: ${status.holder}`]),
    ...(status.lastError === undefined
      ? []
      : [
          `  Last error ${clockTime(status.lastError.atUtc)}, ${status.lastError.scope}: ${status.lastError.message}`,
        ]),
    ...findingsOf(status).flatMap(({ message, hint }) => [
      `  warning  ${message}`,
      ...(hint === '' ? [] : [`           Next: ${hint}`]),
    ]),
    ...(status.parked === 0
      ? []
      : [
          `  warning  ${status.parked === 1 ? '1 row is' : `${amount(status.parked)} rows are`} parked`,
          '           Next: storedb sync conflicts list ANSWERS',
        ]),
  ].flatMap(folded);
}

/** The line in as many of them as 80 columns ask for; what is carried over stands under its text. */
function folded(line: string): readonly string[] {
  const whole = line.trimEnd();
  if (widthOf(whole) <= width) return [whole];
  const indent = ' '.repeat(11);
  const [first = '', ...rest] = wrapped(whole, width);
  return [
    first,
    ...rest.flatMap((each) => wrapped(each, width - indent.length)).map((each) => `${indent}${each}`),
  ];
}

/** What a person has to look at; 0 is the exit of a status without any of it. */
export function needsPerson(status: SyncStatus): boolean {
  return (
    status.register === undefined ||
    status.parked > 0 ||
    status.findings.length > 0 ||
    status.scopes.some(({ lastRun }) => lastRun?.outcome === 'failed')
  );
}

export function isAway(status: SyncStatus): boolean {
  return !status.store.isReachable || !status.offline.isReachable;
}

function sideLines(label: string, side: SideStatus): readonly string[] {
  const place = `  ${label.padEnd(8)}  ${side.server} / ${side.database}`;
  if (!side.isReachable) return [`${place}: cannot be reached`];
  const { size, stalled } = side;
  const limit = size?.limitMb === undefined ? '' : ` of ${amount(Math.round(size.limitMb))}`;
  const words = size === undefined ? '' : `, ${amount(Math.round(size.usedMb))}${limit} MB`;
  const since = stalled?.sinceUtc === undefined ? '' : ` since ${clockTime(stalled.sinceUtc)}`;
  return [
    `${place}${words}`,
    ...(stalled === undefined
      ? []
      : [
          `           An open transaction keeps changes back${since}: ${stalled.holder ?? 'nobody can say whose'}`,
        ]),
  ];
}

/** What the sides say of themselves may be among the findings already. */
function findingsOf({ store, offline, findings }: SyncStatus) {
  const sides = [store, offline].flatMap((side) => (side.isReachable ? [] : [side.finding]));
  return [...sides, ...findings].filter(
    ({ message }, index, all) => all.findIndex((other) => other.message === message) === index,
  );
}
