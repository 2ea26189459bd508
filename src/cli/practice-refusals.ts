import type { RunEvent } from '../core/plan/index.ts';
import type { PracticeProcess } from './practice-process.ts';
import { warn } from './warn.ts';

/**
 * The same events; when the practice server refused something, a warning that names it comes before the last one, and
 * the summary counts it: a run that met a refusal has shown less than a run on SQL Server would.
 */
export async function* withRefusals(
  events: AsyncIterable<RunEvent>,
  practice: PracticeProcess | undefined,
): AsyncGenerator<RunEvent> {
  for await (const event of events) {
    if (event.kind !== 'run-finished' || practice === undefined) {
      yield event;
      continue;
    }
    const refusals = await practice.refusals().catch((error: Error) => {
      warn(`What the practice server refused is not known: ${error.message}`);
      return [];
    });
    const count = refusals.reduce((sum, refusal) => sum + refusal.count, 0);
    if (count === 0) {
      yield event;
      continue;
    }
    const texts = refusals.map(({ text, count: times }) => (times === 1 ? text : `${text} (${times} times)`));
    yield {
      kind: 'warning',
      at: event.at,
      finding: {
        code: 'practice-refused',
        message: `The practice server refused ${count === 1 ? 'one statement' : `${count} statements`}. ${texts.join(' ')}`,
        hint: 'A real server may well do it: "storedb practice --features" lists what is refused here.',
      },
    };
    const counted =
      count === 1
        ? 'One statement was refused by the practice server.'
        : `${count} statements were refused by the practice server.`;
    yield { ...event, summary: `${event.summary} ${counted}` };
  }
}
