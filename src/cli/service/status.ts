import type { ExitName } from '../../core/errors.ts';
import { readServiceReport, type ServiceReport } from '../../core/service/health/report.ts';
import { memoryPins } from '../../core/sql/pins.ts';
import { print } from '../lost-output.ts';
import { thisMachine } from './this-machine.ts';
import { whichService } from './which-service.ts';

/** `storedb service status`: what the manager and the service itself say; exit 21 when it does not synchronise. */
export async function status(named: string | undefined, json: boolean): Promise<ExitName> {
  const machine = await thisMachine(memoryPins());
  const report = await readServiceReport(machine, await whichService(named, machine), new Date());
  await print(json ? `${JSON.stringify(report)}\n` : `${reportLines(report).join('\n')}\n`);
  return report.verdict === 'well' ? 'done' : 'verifyFoundProblems';
}

function reportLines({ service, managed, health, verdict, message, hint, places }: ServiceReport) {
  const time = (utc: string) => `${utc.slice(0, 19).replace('T', ' ')} UTC`;
  const rows: [string, string | undefined][] = [
    ['Service', service],
    [
      'State',
      managed === undefined
        ? 'not installed'
        : `${managed.state}${managed.processId === undefined ? '' : `, process ${managed.processId}`}${managed.startsWithMachine ? '' : ', does not start with the computer'}`,
    ],
    [
      'Last cycle',
      health?.lastCycle &&
        `${health.lastCycle.outcome}, ${time(health.lastCycle.finishedUtc)}, ${health.lastCycle.rows} rows`,
    ],
    ['In step', health?.lastGoodUtc && time(health.lastGoodUtc)],
    ['Last error', health?.lastError && `${time(health.lastError.atUtc)}: ${health.lastError.message}`],
    [
      'Last end',
      health?.lastEnd &&
        `${time(health.lastEnd.atUtc)}, exit code ${health.lastEnd.exitCode}: ${health.lastEnd.why}`,
    ],
    ['Log', places.logs],
    ['Health', places.health],
  ];
  return [
    ...rows.flatMap(([label, value]) => (value === undefined ? [] : [`  ${label.padEnd(12)}${value}`])),
    message,
    ...(verdict === 'well' ? [] : [`Next: ${hint}`]),
  ];
}
