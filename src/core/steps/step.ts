import type * as z from 'zod';
import type { Secret } from '../secret.ts';

/**
 * One value as it is being edited: text, a switch, or a password the technician has just typed. A text that stands in
 * a secret's field is a reference (`env:NAME`), never the password: a typed password is always a `Secret`.
 */
export type DraftValue = string | boolean | Secret;

/** Partly filled answers: key path of the answers file (`storeDatabase.auth.user`) to value. */
export type Draft = Readonly<Record<string, DraftValue>>;

/** What stands in the way of going on; `message` says what is wrong and what to write, and never repeats the value. */
export type Problem = { readonly key: string; readonly message: string };

export type FieldKind = 'text' | 'server' | 'choice' | 'secret' | 'switch' | 'folder' | 'file';

export type FieldOption = {
  readonly value: string;
  readonly label: string;
  /** The rest of the line in a list of choices. */
  readonly note: string;
};

export type Field = {
  /** Key path in the answers file; unique over all steps. */
  readonly key: string;
  readonly label: string;
  /** One line in the technician's words. */
  readonly help: string;
  readonly kind: FieldKind;
  /** Of the value in the file; its messages say what to write. */
  readonly schema: z.ZodType<string | boolean>;
  /** The choices in the order of the screen; empty for every other kind. */
  readonly options: readonly FieldOption[];
  /** Something the field could hold, for the template and for messages. */
  readonly example: string;
  /** Holds when the file says nothing, and stands in the field when the wizard opens. */
  readonly default?: string | boolean;
  /** Stands in the field when the wizard opens; an answers file has to say it. */
  readonly suggestion?: string;
  /** Whether the question is asked with these other answers. */
  readonly isRelevant: (draft: Draft) => boolean;
  /** Whether it must have a value when it is asked and has no default. */
  readonly isRequired: (draft: Draft) => boolean;
  /** May stand in the file even where it is not asked, so that one file serves several tasks. */
  readonly isKeptUnasked: boolean;
};

export type StepId = 'task' | 'store-database' | 'identification' | 'offline-database' | 'access' | 'options';

/** A page of questions as data and pure functions; screens, prompts, schema, template and review derive from it. */
export type Step = {
  readonly id: StepId;
  readonly title: string;
  /** The help page: a few lines, no SQL. */
  readonly help: string;
  readonly fields: readonly Field[];
  readonly isRelevant: (draft: Draft) => boolean;
  /** What no single field can tell; called only when every field is right by itself. */
  readonly check: (draft: Draft) => readonly Problem[];
  /** One line for the review page. */
  readonly summary: (draft: Draft) => string;
  /** The database whose connection can be tried out on this page. */
  readonly connection?: 'storeDatabase' | 'offlineDatabase';
};

type Optional<T, Keys extends keyof T> = Omit<T, Keys> & Partial<Pick<T, Keys>>;

/** A field that is asked always and required, unless it says otherwise. */
export function defineField(
  field: Optional<Field, 'options' | 'isRelevant' | 'isRequired' | 'isKeptUnasked'>,
): Field {
  return { options: [], isRelevant: () => true, isRequired: () => true, isKeptUnasked: false, ...field };
}

/** A step that is always relevant and has nothing to check across its fields, unless it says otherwise. */
export function defineStep(step: Optional<Step, 'isRelevant' | 'check'>): Step {
  return { isRelevant: () => true, check: () => [], ...step };
}

/** The text of a field, without surrounding blanks; '' when it is empty, a switch or a typed password. */
export function textOf(draft: Draft, key: string): string {
  const value = draft[key];
  return typeof value === 'string' ? value.trim() : '';
}
