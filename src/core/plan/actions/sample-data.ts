import type { Answers } from '../../answers/answers.ts';
import { samplePack } from '../../answers/paths.ts';
import type { ExpectedError } from '../../errors.ts';
import { splitBatches } from '../../sql/batches.ts';
import { quoteString } from '../../sql/identifiers.ts';
import type { Action } from '../plan.ts';
import { refusal } from '../refusal.ts';
import { type Situation, targetOf } from '../situation.ts';
import { planned } from './target.ts';

/** Sample data is for practice servers; packs of real data cannot be brought in yet. */
export function refuseInitialData({ answers, detected }: Situation): ExpectedError | undefined {
  const { initialData } = answers.options;
  if (initialData === undefined) return undefined;
  if (initialData !== samplePack)
    return refusal(
      'initial-data-not-built',
      'Bringing in initial data from a pack is not in this version yet.',
      'Take options.initialData out of the answers, and have head office send the data by its jobs.',
    );
  if (detected.server.identity.isPracticeServer) return undefined;
  return refusal(
    'sample-data-on-a-real-server',
    'The sample data of an invented shop is for practice servers only.',
    'Take options.initialData out of the answers.',
  );
}

/** The ids of the sample, as the script writes them. */
const sampleIds = { storeId: 'HOUSTON', registerId: 'HOUSTON-1', dataAreaId: 'usrt' } as const;

/** The sample under the ids of the answers, so that any answers can be rehearsed. */
function forShop(script: string, { identification }: Answers): string {
  return Object.entries(sampleIds).reduce((text, [field, id]) => {
    const answered = identification?.[field as keyof typeof sampleIds];
    return answered === undefined ? text : text.replaceAll(quoteString(id), quoteString(answered));
  }, script);
}

/** In one transaction and only into an empty database: no shop's data is ever mixed with the invented ones. */
export function sampleData(
  situation: Situation,
  script: string | undefined,
  isFilled: boolean,
): readonly Action[] {
  if (script === undefined || isFilled) return [];
  const inserts = splitBatches(forShop(script, situation.answers), 'sample.sql').map(({ sql }) => sql);
  return [
    {
      id: 'sample-data',
      kind: 'run-batches',
      title: 'Fill the store database with the sample data of an invented shop',
      risk: 'changes',
      need: 'necessary',
      target: targetOf(situation),
      batches: [
        planned(
          [
            'SET XACT_ABORT ON; SET NOCOUNT ON;',
            'BEGIN TRANSACTION;',
            ...inserts,
            'COMMIT TRANSACTION;',
          ].join('\n'),
        ),
      ],
    },
  ];
}
