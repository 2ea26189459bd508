import { describe, expect, it } from 'vitest';
import { keyHints } from '../../src/screens/key-line.ts';
import { keyId, openBindings } from '../../src/screens/keys.ts';
import type { WizardState } from '../../src/screens/wizard.ts';
import {
  failed,
  finished,
  freshWizard,
  keys,
  outcome,
  reviewed,
  tested,
  typed,
  wizardOn,
  working,
} from './sample-wizards.ts';

const pages: readonly [string, WizardState][] = [
  ['the tasks', freshWizard()],
  ['a text field', wizardOn('store-database')],
  ['a choice', wizardOn('options')],
  ['a finished test', tested()],
  ['the review', reviewed()],
  ['the T-SQL', typed(reviewed(), 's')],
  ['the list of answers', typed(reviewed(), 'e')],
  ['help', typed(reviewed(), '?')],
  ['the question of Ctrl+C', typed(reviewed(), '\u{3}')],
  ['the work', working()],
  ['the end', finished()],
  ['a failure', failed()],
];

describe('the key table', () => {
  it.each(pages)('has no binding that another one hides: %s', (_name, state) => {
    const open = openBindings(state);
    for (const binding of open) {
      const own = binding.keys.filter((key) => open.find((each) => each.keys.includes(key)) === binding);
      expect(own, `${binding.command} (${binding.label})`).not.toEqual([]);
    }
  });

  it.each(pages)('shows a way on or out on every screen: %s', (_name, state) => {
    expect(keyHints(state, 58).length).toBeGreaterThan(0);
    expect(openBindings(state).map((binding) => binding.command)).toContain('ask-to-quit');
  });

  it('gives up the less important keys first where the line is short', () => {
    const labels = (width: number) => keyHints(reviewed(), width).map((hint) => hint.label);
    expect(labels(78)).toEqual(['Enter', 'S', 'E', 'W', 'Esc', '?']);
    expect(labels(58)).toEqual(['Enter', 'S', 'E', 'Esc', '?']);
  });

  it('shows the key that gets on before those that do not, in the narrowest line', () => {
    const certificate = { serverKey: 'srv01', fingerprint: 'AB' };
    const failure = { message: 'unknown certificate', hint: 'Trust it.', certificate };
    const state: WizardState = { ...reviewed(), planning: { status: 'failed', failure } };
    expect(keyHints(state, 58).map(({ label }) => label)).toEqual(['Enter', 'T', 'E', 'Esc', '?']);
  });

  it('names keys alike whether a letter is large or small', () => {
    const [key] = keys('T');
    expect(key?.kind === 'press-key' && keyId(key.key)).toBe('t');
    expect(outcome(tested(), ...keys('T')).effects).toHaveLength(1);
  });
});
