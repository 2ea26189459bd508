import { fields } from '../steps/index.ts';
import { nearest } from './nearest.ts';

/** Keys of the file itself, which no step asks for. `$schema` tells an editor where the schema is. */
export const ownKeys: readonly string[] = ['version', '$schema'];

/** Whether a key path is a group such as `storeDatabase.auth`. */
export function isGroup(path: string): boolean {
  return fields.some((field) => field.key.startsWith(`${path}.`));
}

/** The names that may stand directly below a prefix such as `storeDatabase.`; the prefix '' is the file itself. */
export function namesBelow(prefix: string): readonly string[] {
  const names = fields
    .filter((field) => field.key.startsWith(prefix))
    .map((field) => field.key.slice(prefix.length).split('.')[0] ?? '');
  return [...new Set(prefix === '' ? ['version', ...names] : names)];
}

/** How to speak of a name that is not known below a prefix. */
export function unknownKey(name: string, prefix: string): { readonly key: string; readonly message: string } {
  const near = nearest(name, namesBelow(prefix));
  const isShown = (near !== undefined || !isNextToSecret(prefix)) && /^[\w.$-]{1,60}$/.test(name);
  return { key: isShown ? `${prefix}${name}` : `${prefix}?`, message: unknownMessage(name, prefix, near) };
}

function unknownMessage(name: string, prefix: string, near: string | undefined): string {
  if (near !== undefined) return `Unknown key. Did you mean ${near}?`;
  const elsewhere = fields.find((field) => field.key.split('.').at(-1) === name);
  if (elsewhere !== undefined) {
    return `Unknown key here. It belongs to ${elsewhere.key.slice(0, -name.length - 1)}.`;
  }
  return `Unknown key. Known here: ${namesBelow(prefix).join(', ')}.`;
}

/** Next to a password an unknown key may be the rest of it: `{ password: one, two }`. */
function isNextToSecret(prefix: string): boolean {
  return fields.some(
    (field) => field.kind === 'secret' && field.key.slice(0, field.key.lastIndexOf('.') + 1) === prefix,
  );
}
