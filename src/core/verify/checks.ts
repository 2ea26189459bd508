import type { Check, CheckGroup } from './events.ts';

/** The makers of lines for one group. */
export function checksOf(group: CheckGroup) {
  const id = (name: string) => `${group}:${name}`;
  return {
    ok: (name: string, message: string): Check => ({ id: id(name), group, status: 'ok', message }),
    warning: (name: string, message: string, hint: string): Check => ({
      id: id(name),
      group,
      status: 'warning',
      message,
      hint,
    }),
    failed: (name: string, message: string, hint: string): Check => ({
      id: id(name),
      group,
      status: 'failed',
      message,
      hint,
    }),
  };
}

/** Some names, for a message: the first few and how many more. */
export function someOf(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

export const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;
