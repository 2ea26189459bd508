import type { Plan } from './plan.ts';

/** The last line of a run that went well; the first sentence is the one that technicians know from the original. */
export function successSummary({ purpose, target, isPracticeServer }: Plan, warnings: number): string {
  const sentences = [
    {
      create: 'Store database creation was successful.',
      upgrade: 'Store database upgrade was successful.',
      repair: 'Store database was put right.',
      nothing: `Nothing to do: ${target.database} on ${target.server} is as it should be.`,
    }[purpose],
  ];
  if (warnings > 0)
    sentences.push(warnings === 1 ? 'One warning, see above.' : `${warnings} warnings, see above.`);
  return withServerKind(sentences.join(' '), isPracticeServer);
}

/** Nothing done on a practice server may be taken for the real thing. */
export function withServerKind(summary: string, isPracticeServer: boolean): string {
  return isPracticeServer ? `${summary} This was a practice server, not SQL Server.` : summary;
}
