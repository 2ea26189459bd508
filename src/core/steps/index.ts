import { access } from './access.ts';
import { identification } from './identification.ts';
import { offlineDatabase } from './offline-database.ts';
import { options } from './options.ts';
import type { Field, Step } from './step.ts';
import { storeDatabase } from './store-database.ts';
import { task } from './task.ts';

export type { Draft, DraftValue, Field, FieldKind, FieldOption, Problem, Step, StepId } from './step.ts';

/** Every question storedb asks, in the order of the pages. Adding a question means adding it here or to a step. */
export const steps: readonly Step[] = [task, storeDatabase, identification, offlineDatabase, access, options];

/** All fields in the order in which they are asked. */
export const fields: readonly Field[] = steps.flatMap((step) => step.fields);

const fieldsByKey = new Map(fields.map((field) => [field.key, field]));

/** The field of a key path; undefined when there is none. Keys are case-sensitive, as in the file. */
export function fieldOf(key: string): Field | undefined {
  return fieldsByKey.get(key);
}
