import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import {
  canary,
  failed,
  finished,
  keys,
  outcome,
  reviewed,
  tested,
  typed,
  wizardOn,
  working,
} from './sample-wizards.ts';
import { screenText } from './screen-text.ts';

const everyState = () => [
  typed({ ...wizardOn('store-database'), focus: 'storeDatabase.auth.password' }, '\u{15}Pa55-canary'),
  tested(),
  reviewed(),
  typed(reviewed(), 'e'),
  typed(reviewed(), '?'),
  working(),
  finished(),
  failed(),
];

it('draws no password on any screen', async () => {
  for (const state of everyState()) expect(await screenText(state)).not.toContain(canary);
});

it('has no password in the state as JSON or as it is inspected, nor in what it asks of its host', () => {
  for (const state of everyState()) {
    expect(JSON.stringify(state)).not.toContain(canary);
    expect(inspect(state, { depth: 9 })).not.toContain(canary);
  }
  const { effects } = outcome(wizardOn('options'), ...keys('\r'));
  expect(JSON.stringify(effects)).not.toContain(canary);
});

it('draws as many marks as the password has characters', async () => {
  expect(await screenText(wizardOn('store-database'))).toContain('*'.repeat(canary.length));
});
