import { type Change, changeSql } from './change.ts';
import type { Disturbance } from './disturbance.ts';
import type { Place } from './small-shop.ts';
import type { History, Step } from './step.ts';

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
    case 'month':
      return 'a month goes by';
    case 'trigger-off':
      return `${step.at}: the tracking trigger of ${step.on} is switched off`;
    case 'repair':
      return `${step.at}: set up again, which repairs its tracking`;
    default:
      return `${step.at}: ${step.kind}`;
  }
}

function disturbanceText(each: Disturbance): string {
  if (each.what === 'change') return `${each.at}: ${oneLine(each.change, each.at)}`;
  if (each.what === 'cut') return `${each.at}: the line is cut after ${each.bytes} bytes`;
  if (each.what === 'silence') return `${each.at}: the line falls silent after ${each.bytes} bytes`;
  if (each.what === 'fault') return `${each.at}: ${JSON.stringify(each.fault)}`;
  return 'at' in each ? `${each.at}: ${each.what}` : each.what;
}

const oneLine = (change: Change, at: Place): string =>
  `${change.does === 'bulk' ? '(bulk) ' : ''}${changeSql(change, at).replaceAll('\n', ' ')}`;
