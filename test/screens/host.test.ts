import { expect, it } from 'vitest';
import { connectWizard } from '../../src/screens/host.ts';
import type { Effect } from '../../src/screens/wizard.ts';
import { keys, samplePlan, wizardOn } from './sample-wizards.ts';

it('takes up what an effect reports at once, after the state that asked for it', () => {
  const wizard = connectWizard(wizardOn('options'), {
    now: () => 5,
    carryOut: (effect: Effect) => {
      if (effect.kind !== 'make-plan') return;
      wizard.dispatch({ kind: 'plan-made', id: effect.id, plan: samplePlan(), sql: [] });
      expect(wizard.state().planning?.status).toBe('making');
    },
  });
  for (const action of keys('\r')) wizard.dispatch(action);
  expect(wizard.state().planning?.status).toBe('made');
  expect(wizard.state().now).toBe(5);
});

it('goes on after an effect that could not be carried out', () => {
  const wizard = connectWizard(wizardOn('options'), {
    now: () => 0,
    carryOut: () => {
      throw new Error('no host');
    },
  });
  const [enter] = keys('\r');
  expect(() => enter && wizard.dispatch(enter)).toThrow('no host');
  wizard.dispatch({ kind: 'tick' });
  expect(wizard.state().page).toBe('review');
});

it('tells its listeners of every state until they go', () => {
  const wizard = connectWizard(wizardOn('options'), { now: () => 0, carryOut: () => undefined });
  let told = 0;
  const leave = wizard.subscribe(() => {
    told += 1;
  });
  wizard.dispatch({ kind: 'tick' });
  leave();
  wizard.dispatch({ kind: 'tick' });
  expect(told).toBe(1);
});
