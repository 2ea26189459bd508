import type { Plan } from './plan.ts';

/** The last line of a run that went well; the first sentence is the one that technicians know from the original. */
export function successSummary({ task, purpose, target, isPracticeServer }: Plan, warnings: number): string {
  const what = target.role === 'store' ? 'Store database' : 'Offline database';
  const sentences = [
    {
      create: `${what} creation was successful.`,
      upgrade: `${what} upgrade was successful.`,
      repair: task === 'register-connection' ? 'POS knows its store database.' : `${what} was put right.`,
      fill: 'The initial data is in the store database.',
      remove: 'The register does not take part in the synchronisation any more.',
      service: 'The service of the register is installed and synchronises.',
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
