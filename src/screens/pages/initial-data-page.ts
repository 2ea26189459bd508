import { elapsed } from '../../core/words.ts';
import { contentWidth } from '../layout.ts';
import { type Body, blank, type Row, textRows } from '../rows.ts';
import type { ArrivingData, ArrivingJob } from '../state/initial-data.ts';
import type { Overlay } from '../state/overlay.ts';
import type { WizardState } from '../wizard.ts';
import { missingOf, initialDataWords as words } from './initial-data-words.ts';
import { failureRows } from './review-page.ts';
import { statusIndent, statusRows } from './status-rows.ts';

/** What has come to the store database and what has not, and the two ways to bring it. */
export function initialDataBody(
  state: WizardState,
  { scroll, choice }: Extract<Overlay, { kind: 'initial-data' }>,
): Body {
  const { arriving } = state;
  if (arriving === undefined) return { rows: [] };
  const width = contentWidth(state.size);
  const missing = missingOf(arriving.jobs);
  return {
    rows: [
      ...headRows(arriving, state, missing.length, width),
      ...(arriving.failure === undefined ? [] : [...failureRows(arriving.failure, state), blank]),
      ...(arriving.isComplete ? [] : packRows(arriving, choice, width)),
      ...(arriving.isComplete || missing.length === 0 ? [] : askRows(missing, state, width)),
      ...(arriving.jobs ?? []).flatMap((job) => statusRows(words.status(job), words.job(job), width)),
    ],
    scroll,
  };
}

function headRows(
  { jobs, isComplete, since, loading, trouble }: ArrivingData,
  { now }: WizardState,
  missing: number,
  width: number,
): readonly Row[] {
  if (isComplete) return [...textRows(words.complete, width, { meaning: 'good', indent: 2 }), blank];
  const text =
    loading === undefined
      ? jobs === undefined
        ? words.looking
        : words.waiting(missing)
      : `Loading: ${loading.words}`;
  return [
    {
      kind: 'status',
      status: 'working',
      meaning: 'quiet',
      number: '',
      text,
      note: now - since >= 1000 ? elapsed(now - since) : '',
    },
    ...(trouble === undefined
      ? []
      : textRows(`${trouble.message} ${trouble.hint}`, width, { meaning: 'warning', indent: statusIndent })),
    blank,
  ];
}

function packRows({ packs, loading }: ArrivingData, choice: number, width: number): readonly Row[] {
  if (packs.length === 0 || loading !== undefined) return [];
  return [
    ...textRows(words.packs, width, { indent: 2 }),
    ...packs.map(
      (pack, index): Row => ({
        kind: 'option',
        label: pack.path,
        labelWidth: Math.min(width - 34, Math.max(...packs.map(({ path }) => path.length)) + 2),
        note: pack.words,
        isChosen: index === choice,
        isFocused: index === choice,
      }),
    ),
    blank,
  ];
}

/** What to say on the phone. */
function askRows(
  missing: readonly ArrivingJob[],
  { draft, arriving }: WizardState,
  width: number,
): readonly Row[] {
  return [
    ...textRows(words.ask(draft, (arriving?.packs.length ?? 0) > 0), width, { indent: 2 }),
    ...missing.flatMap(({ name }) => textRows(name, width, { indent: 4 })),
    blank,
  ];
}
