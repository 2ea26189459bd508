import * as z from 'zod';
import { type Draft, type Field, fieldOf, steps } from '../steps/index.ts';
import type { Answers } from './answers.ts';

let built: z.ZodType<Answers> | undefined;

/** The schema of a whole answers file, assembled from the steps; built on first use, because the wizard starts without it. */
export function answersSchema(): z.ZodType<Answers> {
  built ??= build();
  return built;
}

/** JSON Schema (draft 7, which the YAML and JSON editors know) of an answers file, for completion in an editor. */
export function answersJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(answersSchema(), { target: 'draft-7', io: 'input' });
}

function build(): z.ZodType<Answers> {
  const tasks = fieldOf('task')?.options ?? [];
  const [first, ...others] = tasks.map((option) => schemaOfTask(option.value));
  if (first === undefined) throw new Error('The task step offers no task');
  const schema: z.ZodType = z
    .discriminatedUnion('task', [first, ...others])
    .meta({ title: 'storedb answers', description: 'Answers for an unattended run: storedb apply FILE' });
  // The shape is put together at run time, so the compiler cannot see it; test/core/answers/schema.test.ts compares.
  return schema as z.ZodType<Answers>;
}

function schemaOfTask(task: string) {
  const draft: Draft = { task };
  const fields = steps
    .filter((step) => step.isRelevant(draft))
    .flatMap((step) => step.fields)
    .filter((field) => field.key !== 'task');
  return z.strictObject({
    version: z.literal(1).meta({ description: 'The version of this file format.' }),
    task: literal(task, fieldOf('task')),
    ...shapeOf('', fields, draft),
  });
}

/** The properties below a key path: fields that end here, objects for those that go deeper. */
function shapeOf(prefix: string, fields: readonly Field[], draft: Draft): Record<string, z.ZodType> {
  const names = new Set(fields.map((field) => field.key.slice(prefix.length).split('.')[0] ?? ''));
  return Object.fromEntries(
    [...names].flatMap((name): [string, z.ZodType][] => {
      const leaf = fields.find((field) => field.key === `${prefix}${name}`);
      if (leaf !== undefined) return isAllowed(leaf, draft) ? [[name, leafSchema(leaf, draft)]] : [];
      const below = `${prefix}${name}.`;
      const inner = fields.filter((field) => field.key.startsWith(below));
      return [[name, objectSchema(below, inner, draft)]];
    }),
  );
}

/** An object with a choice called `kind` is one object for each choice: other properties depend on it. */
function objectSchema(prefix: string, fields: readonly Field[], draft: Draft): z.ZodType {
  const kind = fields.find((field) => field.key === `${prefix}kind`);
  if (kind !== undefined) {
    const others = fields.filter((field) => field !== kind);
    const [first, ...rest] = kind.options.map((option) =>
      z.strictObject({
        kind: literal(option.value, kind),
        ...shapeOf(prefix, others, { ...draft, [kind.key]: option.value }),
      }),
    );
    if (first === undefined) throw new Error(`${kind.key} offers no choice`);
    return z.discriminatedUnion('kind', [first, ...rest]);
  }
  const object = z.strictObject(shapeOf(prefix, fields, draft));
  if (fields.every((field) => field.default !== undefined)) return object.prefault({});
  const isOptional = fields.every((field) => !isAllowed(field, draft) || !isNeeded(field, draft));
  return isOptional ? object.optional() : object;
}

function leafSchema(field: Field, draft: Draft): z.ZodType {
  const schema = field.schema.meta({
    title: field.label,
    description: field.help,
    examples: examples(field),
  });
  if (field.default !== undefined) return schema.default(field.default);
  return isNeeded(field, draft) ? schema : schema.optional();
}

function literal(value: string, field: Field | undefined) {
  return z.literal(value).meta(field === undefined ? {} : { title: field.label, description: field.help });
}

function examples(field: Field): readonly (string | boolean)[] {
  return [field.kind === 'switch' ? field.example === 'true' : field.example];
}

function isAllowed(field: Field, draft: Draft): boolean {
  return field.isRelevant(draft) || field.isKeptUnasked;
}

function isNeeded(field: Field, draft: Draft): boolean {
  return field.isRelevant(draft) && field.isRequired(draft) && field.default === undefined;
}
