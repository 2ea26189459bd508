import type { WizardState } from '../../src/screens/wizard.ts';
import { drawWizard } from './drawn-wizard.ts';

/** What stands on the terminal after Ink has drawn this state. */
export async function screenText(state: WizardState): Promise<string> {
  const drawn = await drawWizard({ state: () => state, subscribe: () => () => undefined }, state.size);
  const text = drawn.terminal.text();
  await drawn.close();
  return text;
}
