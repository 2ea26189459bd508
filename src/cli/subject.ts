import type { Answers } from '../core/answers/answers.ts';

/** What a log folder or an answers file is named after: the register, else the store, else the database. */
export function subjectOf({ identification, storeDatabase }: Answers): string {
  return identification?.registerId ?? identification?.storeId ?? storeDatabase.name;
}

/** A subject as part of a file name: file systems of sticks allow less than databases do. */
export function fileNameOf(subject: string): string {
  return subject.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 40) || 'run';
}
