import { render } from 'ink-testing-library';
import { describe, expect, it, vi } from 'vitest';
import { connectWizard, WizardApp } from '../../src/screens/index.ts';
import { canary, wizardOn } from './sample-wizards.ts';

const show = (...parameters: Parameters<typeof wizardOn>) => {
  const wizard = connectWizard(wizardOn(...parameters), { carryOut: () => undefined, now: Date.now });
  return { wizard, ...render(<WizardApp source={wizard} />) };
};

describe('the wizard as Ink draws it', () => {
  it('shows the page it is on, and the next one as soon as it is', async () => {
    const { wizard, lastFrame, unmount } = show('identification');
    expect(lastFrame()).toContain('Identification');
    wizard.dispatch({ kind: 'press-key', key: { kind: 'key', name: 'enter' } });
    await vi.waitFor(() => expect(lastFrame()).toContain('Accounts'));
    unmount();
  });

  it('draws no frame with the password in it, on any page that knows it', () => {
    for (const page of ['store-database', 'options', 'review'] as const) {
      const { frames, unmount } = show(page);
      expect(frames.length).toBeGreaterThan(0);
      expect(frames.join('\n')).not.toContain(canary);
      unmount();
    }
  });
});
