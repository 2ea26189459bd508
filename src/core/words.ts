/** Words that every front end says alike. */

/** Said in every summary of a run on a practice server. */
export const practiceNotice =
  'This was a practice server, not SQL Server: nothing outside this computer was touched.';

/** How long something took, as a technician reads it: `4 s`, `1 min 12 s`; below a second nothing more exact. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 1) return 'under 1 s';
  if (seconds < 60) return `${seconds} s`;
  const minutes = `${Math.floor(seconds / 60)} min`;
  return seconds % 60 === 0 ? minutes : `${minutes} ${seconds % 60} s`;
}

/** A number of rows as a technician reads it: `312,450`. */
export function amount(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 row`, `312,450 rows`. */
export function rowsWord(number: number): string {
  return `${amount(number)} ${number === 1 ? 'row' : 'rows'}`;
}

/**
 * How fast rows come and how long the rest takes: `4,100 rows/s, 1 min 12 s left`. Undefined within the first second,
 * and nothing about the rest before a twentieth has come: nobody can tell.
 */
export function pace(
  { done, total }: { readonly done: number; readonly total: number },
  milliseconds: number,
): string | undefined {
  if (milliseconds < 1000 || done === 0) return undefined;
  const perSecond = (done * 1000) / milliseconds;
  const left =
    total > done && done * 20 >= total ? `, ${elapsed(((total - done) * 1000) / perSecond)} left` : '';
  return `${amount(Math.round(perSecond))} rows/s${left}`;
}

/** Which way a scope's rows travel, in a narrow column. */
export function directionWord(direction: 'download' | 'upload' | 'bidirectional'): string {
  return { download: 'down', upload: 'up', bidirectional: 'both' }[direction];
}

/** The mark beside an action of the plan. */
export function riskWord(risk: 'creates' | 'changes' | 'needs-restart'): string {
  return risk === 'needs-restart' ? 'needs a restart' : risk;
}

/** `14:26:02` on the clock of this computer. */
export function clockTime(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((number) => String(number).padStart(2, '0'))
    .join(':');
}
