import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameOf } from '../../src/screens/frame.ts';
import { connectWizard } from '../../src/screens/host.ts';
import { bodyHeight, contentWidth, frameHeight, messageHeight } from '../../src/screens/layout.ts';
import { widthOf } from '../../src/screens/text-width.ts';
import type { WizardState } from '../../src/screens/wizard.ts';
import { drawWizard } from './drawn-wizard.ts';
import { sampleDetail, storeAway, watching, withParked } from './sample-monitors.ts';
import {
  failed,
  finished,
  freshWizard,
  keys,
  large,
  outcome,
  reviewed,
  samplePlan,
  small,
  tested,
  typed,
  wizardOn,
  working,
} from './sample-wizards.ts';
import { screenText } from './screen-text.ts';

const pages: readonly (() => WizardState)[] = [
  freshWizard,
  () => typed(freshWizard(), '\u{1B}[B\r'),
  () => wizardOn('identification'),
  () => typed({ ...wizardOn('store-database'), draft: freshWizard().draft }, '\r'),
  tested,
  () => wizardOn('options'),
  reviewed,
  () => reviewed({}, samplePlan(60)),
  () => typed(reviewed(), 's'),
  () => typed(reviewed(), 'e'),
  () => typed(reviewed(), '?'),
  () => typed(reviewed(), '\u{3}'),
  working,
  finished,
  failed,
  () => watching(),
  () => watching({}, storeAway()),
  () => withParked(watching()),
  () => typed(withParked(watching()), 'a'),
  () => outcome(withParked(watching()), { kind: 'parked-shown', id: 1, detail: sampleDetail() }).state,
];

const sizes = fc.record({
  columns: fc.integer({ min: 60, max: 200 }),
  rows: fc.integer({ min: 20, max: 70 }),
});

describe('a frame', () => {
  it('is never as high as the terminal and no line is wider than it, on every page at every size', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pages), sizes, (page, size) => {
        const state = { ...page(), size };
        const frame = frameOf(state);
        const height = 3 + bodyHeight(size) + 1 + messageHeight(size) + 1;
        expect(height).toBe(size.rows - 1);
        expect(frame.body.rows.length).toBeLessThanOrEqual(bodyHeight(size));
        expect(frame.message.lines.length).toBeLessThanOrEqual(messageHeight(size));
        const keyLine = frame.keys.map((hint) => `${hint.label} ${hint.words}`).join('   ');
        expect(widthOf(keyLine)).toBeLessThanOrEqual(contentWidth(size));
      }),
    );
  });

  it.each([large, small, { columns: 132, rows: 50 }])(
    'is drawn by Ink in rows - 1 lines at %o',
    async (size) => {
      for (const page of pages) {
        const text = await screenText({ ...page(), size });
        expect(text.split('\n').length).toBe(frameHeight(size));
      }
    },
  );

  it('keeps its shape whatever stands in names and messages', async () => {
    const hostile = '\u{1B}[2J\t\r\n店舗\u{202E}\u{1F3EA}e\u{301}'.repeat(4);
    const plan = samplePlan();
    const states = [
      reviewed({}, { ...plan, facts: [{ label: 'Server', value: hostile }], warnings: [] }),
      reviewed({}, { ...plan, actions: plan.actions.map((action) => ({ ...action, title: hostile })) }),
      outcome(typed(wizardOn('options'), '\r'), {
        kind: 'plan-failed',
        id: 1,
        failure: { message: hostile, hint: hostile },
      }).state,
    ];
    for (const size of [large, small])
      for (const state of states) {
        const text = await screenText({ ...state, size });
        expect(text.split('\n').length).toBe(frameHeight(size));
        expect(text.split('\n')[1]).toContain('Step 6 of 8  Review');
        expect(text).not.toContain('\u{202E}');
      }
  });

  it('keeps what has the attention in sight', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\t', '\u{1B}[A', '\u{1B}[B')), (moves) => {
        const state = typed(
          { ...typed({ ...wizardOn('store-database'), draft: freshWizard().draft }, '\r'), size: small },
          moves.join(''),
        );
        expect(frameOf(state).body.rows.some((row) => row.isFocused)).toBe(true);
      }),
    );
  });

  it('asks for a larger window where no page fits, and takes no keys that nobody sees', async () => {
    const tiny = { ...freshWizard(), size: { columns: 40, rows: 10 } };
    expect(await screenText(tiny)).toContain('Please make this window larger');
    expect(typed(tiny, '\r').page).toBe('task');
  });

  it('says there what the next Ctrl+C does', async () => {
    const size = { columns: 40, rows: 10 };
    const words = async (state: WizardState) => (await screenText(state)).replaceAll(/\s+/g, ' ');
    const questions = wizardOn('options', { size });
    expect(await words(questions)).toContain('Ctrl+C quits.');
    expect(await words(typed(questions, '\u{3}'))).toContain('Ctrl+C again quits.');
    const work = working({ size: large });
    const small = { ...work, size };
    expect(await words(small)).toContain('The work goes on. Ctrl+C stops safely.');
    expect(await words(typed(small, '\u{3}'))).toContain('Ctrl+C again stops safely.');
    expect(await words(typed(small, '\u{3}\u{3}'))).toContain(
      'Stopping at the next safe place. Ctrl+C again ends',
    );
  });

  it('puts the real cursor where the next character goes', () => {
    const state = { ...wizardOn('identification'), focus: 'identification.storeId' };
    const column = ' > Store ID      HOUSTON'.length;
    expect(frameOf(state).cursor).toEqual({ x: column, y: 3 });
    expect(frameOf(typed(state, '\u{1B}[D')).cursor).toEqual({ x: column - 1, y: 3 });
    expect(frameOf(wizardOn('options')).cursor).toBeUndefined();
  });
});

describe('a keystroke', () => {
  it('costs at most 400 bytes at 80x24, wherever it is typed', async () => {
    const wizard = connectWizard(wizardOn('store-database'), { carryOut: () => undefined, now: () => 0 });
    const drawn = await drawWizard(wizard, large);
    drawn.bytes();
    for (const text of [
      '\u{15}',
      'S',
      'R',
      'V',
      '\u{1B}[D',
      '\u{7F}',
      '\t',
      'x',
      '\t',
      '\u{1B}[C',
      '\t',
      'y',
    ]) {
      for (const action of keys(text)) wizard.dispatch(action);
      await drawn.settled();
      expect(drawn.bytes(), JSON.stringify(text)).toBeLessThanOrEqual(400);
    }
    expect(drawn.terminal.text()).toBe(await screenText(wizard.state()));
    await drawn.close();
  });
});
