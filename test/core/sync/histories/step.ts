import fc from 'fast-check';
import type { Fault } from '../../../../src/practice/faults/fault.ts';
import { type Change, changeOf, changeSql, type Numbered } from './change.ts';
import { type Place, type Register, registers } from './small-shop.ts';

/** What happens in the middle of a cycle, when it is about to ask a server something for the `call`-th time. */
export type Disturbance = { readonly call: number } & (
  | { readonly what: 'change'; readonly at: Place; readonly change: Change }
  /** The process is gone at once; its connections break. */
  | { readonly what: 'kill' | 'abort' }
  /** The server of that side ends all connections. */
  | { readonly what: 'restart'; readonly at: Place }
  | { readonly what: 'fault'; readonly at: Place; readonly fault: Fault }
  | { readonly what: 'back-up'; readonly at: Place }
  /** The line to that side is cut after so many bytes more. */
  | { readonly what: 'cut'; readonly at: Place; readonly bytes: number }
);

export type Step =
  /** One transaction, committed or not. */
  | { readonly kind: 'change'; readonly at: Place; readonly change: Change; readonly isUndone: boolean }
  /** A transaction that stays open until `close`; a second one in the same database is not begun. */
  | { readonly kind: 'open'; readonly at: Place; readonly change: Change }
  | { readonly kind: 'close'; readonly at: Place; readonly isUndone: boolean }
  | {
      readonly kind: 'cycle';
      readonly register: Register;
      readonly disturbances: readonly Disturbance[];
      /** A second service of the same register at the same time. */
      readonly isTwice: boolean;
      /** Years that the computer's clock is wrong by. */
      readonly years: number;
    }
  | { readonly kind: 'back-up' | 'restore'; readonly at: Place }
  | { readonly kind: 're-image'; readonly register: Register }
  | { readonly kind: 'add-column'; readonly at: Place }
  /** A process that is killed at that call of its cycle, or while it goes on from there. */
  | {
      readonly kind: 'process';
      readonly register: Register;
      readonly call: number;
      readonly goesOn: boolean;
    };

export type History = {
  readonly registers: readonly Register[];
  /** None of them was ever synchronised before. */
  readonly isNew: boolean;
  readonly steps: readonly Step[];
};

/**
 * What a campaign lets happen. `calm`: no two places ever take the same key or code, so nothing may be parked.
 */
export type Climate = {
  readonly calm: boolean;
  readonly faults: boolean;
  readonly restores: boolean;
  /** Synchronising processes that are killed; each takes a second to start. */
  readonly processes?: boolean;
  readonly maxSteps: number;
  /** Only these, where something special is looked for; and one register. */
  readonly only?: {
    readonly changes: readonly Change['does'][];
    readonly disturbances: readonly Disturbance['what'][];
  };
};

export function historyOf(climate: Climate): fc.Arbitrary<History> {
  return fc
    .constantFrom(...(climate.only === undefined ? [1, 1, 1, 2, 2, 3] : [1]))
    .chain((count) => {
      const some = registers.slice(0, count);
      return fc.record({
        registers: fc.constant(some),
        isNew: fc.constantFrom(false, false, false, true),
        steps: fc.array(stepOf(climate, some), { minLength: 1, maxLength: climate.maxSteps, size: 'max' }),
      });
    })
    .map((history) => ({ ...history, [fc.toStringMethod]: () => historyText(history) }));
}

/** Who writes what: prices at the store, sales on registers, shifts everywhere; head office may correct a sale. */
function changeAt(at: Place, { calm, only }: Climate): fc.Arbitrary<Change> {
  const of = (on: Numbered) => changeOf(on, calm, only?.changes);
  if (at !== 'store')
    return fc.oneof(
      { arbitrary: of('SALE'), weight: 3 },
      { arbitrary: calm && at !== 'r1' ? of('SALE') : of('SHIFT'), weight: 2 },
    );
  if (calm) return of('ITEM');
  return fc.oneof(
    { arbitrary: of('ITEM'), weight: 5 },
    { arbitrary: of('SHIFT'), weight: 3 },
    { arbitrary: of('SALE'), weight: 1 },
  );
}

function stepOf(climate: Climate, some: readonly Register[]): fc.Arbitrary<Step> {
  const { faults, restores, processes = false } = climate;
  const place = fc.constantFrom<Place>('store', ...some);
  const register = fc.constantFrom(...some);
  const changed = place.chain((at) => fc.record({ at: fc.constant(at), change: changeAt(at, climate) }));
  const rarely = fc.boolean().chain((first) => (first ? fc.boolean() : fc.constant(false)));
  const cycle = register.chain((one) =>
    fc.record({
      kind: fc.constant('cycle' as const),
      register: fc.constant(one),
      disturbances: faults ? fc.array(disturbanceOf(one, climate), { maxLength: 2 }) : fc.constant([]),
      isTwice: faults ? fc.constantFrom(false, false, false, false, true) : fc.constant(false),
      years: fc.constantFrom(0, 0, 0, 10, -10),
    }),
  );
  return fc.oneof(
    {
      arbitrary: fc
        .tuple(changed, rarely)
        .map(([{ at, change }, isUndone]) => ({ kind: 'change', at, change, isUndone }) as const),
      weight: 12,
    },
    { arbitrary: changed.map(({ at, change }) => ({ kind: 'open', at, change }) as const), weight: 1 },
    {
      arbitrary: fc.record({ kind: fc.constant('close' as const), at: place, isUndone: rarely }),
      weight: 2,
    },
    { arbitrary: cycle, weight: 6 },
    ...(processes
      ? [
          {
            arbitrary: fc.record({
              kind: fc.constant('process' as const),
              register,
              call,
              goesOn: fc.boolean(),
            }),
            weight: 10,
          },
        ]
      : []),
    ...(restores
      ? [
          { arbitrary: fc.record({ kind: fc.constant('back-up' as const), at: place }), weight: 1 },
          { arbitrary: fc.record({ kind: fc.constant('restore' as const), at: place }), weight: 2 },
          { arbitrary: fc.record({ kind: fc.constant('re-image' as const), register }), weight: 1 },
          { arbitrary: fc.record({ kind: fc.constant('add-column' as const), at: place }), weight: 1 },
        ]
      : []),
  );
}

/** An idle cycle makes six calls, one that loads everything for the first time a hundred. */
const call = fc.oneof(
  fc.integer({ min: 1, max: 10 }),
  fc.integer({ min: 8, max: 40 }),
  fc.integer({ min: 20, max: 80 }),
);

function disturbanceOf(register: Register, climate: Climate): fc.Arbitrary<Disturbance> {
  const at = fc.constantFrom<Place>('store', register);
  const is = <Kind extends Disturbance['what']>(kind: Kind) => fc.constant(kind);
  const change = at.chain((place) =>
    fc.record({ call, what: is('change'), at: fc.constant(place), change: changeAt(place, climate) }),
  );
  const all: readonly {
    readonly weight: number;
    readonly arbitrary: fc.Arbitrary<Disturbance>;
    readonly what: Disturbance['what'];
  }[] = [
    { what: 'change', weight: 4, arbitrary: change },
    { what: 'kill', weight: 2, arbitrary: fc.record({ call, what: is('kill') }) },
    { what: 'abort', weight: 1, arbitrary: fc.record({ call, what: is('abort') }) },
    { what: 'restart', weight: 1, arbitrary: fc.record({ call, what: is('restart'), at }) },
    { what: 'fault', weight: 4, arbitrary: fc.record({ call, what: is('fault'), at, fault }) },
    {
      what: 'cut',
      weight: 2,
      arbitrary: fc.record({ call, what: is('cut'), at, bytes: fc.nat({ max: 6000 }) }),
    },
    {
      what: 'back-up',
      weight: climate.restores ? 1 : 0,
      arbitrary: fc.record({ call, what: is('back-up'), at }),
    },
  ];
  const { only } = climate;
  return fc.oneof(...all.filter(({ what }) => only === undefined || only.disturbances.includes(what)));
}

const skip = fc.integer({ min: 0, max: 12 });
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    at: fc.constant('write' as const),
    does: fc.constantFrom(
      'deadlock-victim' as const,
      'log-full' as const,
      'database-full' as const,
      'drop' as const,
    ),
    skip,
  }),
  fc.record({
    at: fc.constant('commit' as const),
    moment: fc.constantFrom('before' as const, 'after' as const),
    does: fc.constant('drop' as const),
    skip,
  }),
  fc.record({
    at: fc.constant('packet' as const),
    direction: fc.constantFrom('in' as const, 'out' as const),
    does: fc.constant('drop' as const),
    skip,
  }),
  fc.record({
    at: fc.constant('bulk-row' as const),
    does: fc.constantFrom('drop' as const, 'database-full' as const),
    skip: fc.integer({ min: 0, max: 3 }),
  }),
);

/** The history as a script that a person can follow. */
export function historyText({ registers: some, isNew, steps }: History): string {
  const lines = steps.map((step, index) => `${String(index + 1).padStart(3)}  ${stepText(step)}`);
  return [
    `the store and ${some.join(', ')}, ${isNew ? 'never synchronised before' : 'synchronised'} and empty`,
    ...lines,
    '     then everything calms down and is checked',
  ].join('\n');
}

function stepText(step: Step): string {
  switch (step.kind) {
    case 'change':
      return `${step.at}: ${step.isUndone ? 'rolled back: ' : ''}${oneLine(step.change, step.at)}`;
    case 'open':
      return `${step.at}: stays open: ${oneLine(step.change, step.at)}`;
    case 'close':
      return `${step.at}: what is open is ${step.isUndone ? 'rolled back' : 'committed'}`;
    case 'cycle':
      return [
        `${step.register} synchronises${step.isTwice ? ', two services at once' : ''}${step.years === 0 ? '' : `, its clock ${step.years} years off`}`,
        ...step.disturbances.map((each) => `       before its call ${each.call}: ${disturbanceText(each)}`),
      ].join('\n');
    case 're-image':
      return `${step.register}: set up anew, empty`;
    case 'process':
      return `${step.register}: a process synchronises and is killed ${step.goesOn ? 'after' : 'before'} its call ${step.call}`;
    case 'add-column':
      return `${step.at}: its tables get a further column`;
    default:
      return `${step.at}: ${step.kind}`;
  }
}

function disturbanceText(each: Disturbance): string {
  if (each.what === 'change') return `${each.at}: ${oneLine(each.change, each.at)}`;
  if (each.what === 'cut') return `${each.at}: the line is cut after ${each.bytes} bytes`;
  if (each.what === 'fault') return `${each.at}: ${JSON.stringify(each.fault)}`;
  return 'at' in each ? `${each.at}: ${each.what}` : each.what;
}

const oneLine = (change: Change, at: Place): string =>
  `${change.does === 'bulk' ? '(bulk) ' : ''}${changeSql(change, at).replaceAll('\n', ' ')}`;
