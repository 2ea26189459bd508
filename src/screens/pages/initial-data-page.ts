import { amount, elapsed } from '../../core/words.ts';
import { contentWidth } from '../layout.ts';
import { type Body, blank, type Row, textRows } from '../rows.ts';
import type { ArrivingData, ArrivingJob } from '../state/initial-data.ts';
import type { Overlay } from '../state/overlay.ts';
import type { WizardState } from '../wizard.ts';
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
  const missing = arriving.jobs?.filter(({ verdict }) => verdict === 'empty') ?? [];
  return {
    rows: [
      ...headRows(arriving, state, missing.length, width),
      ...(arriving.failure === undefined ? [] : [...failureRows(arriving.failure, state), blank]),
      ...(arriving.isComplete ? [] : packRows(arriving, choice, width)),
      ...(arriving.isComplete || missing.length === 0 ? [] : askRows(missing, state, width)),
      ...(arriving.jobs ?? []).flatMap((job) => jobRows(job, width)),
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
  if (isComplete)
    return [...textRows('The initial data is complete.', width, { meaning: 'good', indent: 2 }), blank];
  const text =
    loading === undefined
      ? jobs === undefined
        ? 'Looking into the store database'
        : `Waiting for the data of ${missing} ${missing === 1 ? 'job' : 'jobs'}`
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
    ...textRows('On this stick, or in this folder:', width, { indent: 2 }),
    ...packs.map(
      ({ path, words }, index): Row => ({
        kind: 'option',
        label: path,
        labelWidth: Math.min(width - 34, Math.max(...packs.map((pack) => pack.path.length)) + 2),
        note: words,
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
  const store = draft['identification.storeId'];
  const place =
    typeof store === 'string' && store !== '' ? ` limited to store ${store}` : ' limited to this store';
  return [
    ...textRows(`${arriving?.packs.length ? 'Or ask' : 'Ask'} head office to run,${place}:`, width, {
      indent: 2,
    }),
    ...missing.flatMap(({ name }) => textRows(name, width, { indent: 4 })),
    blank,
  ];
}

const words = { filled: 'ok', empty: 'missing', 'not-used': '' } as const;

function jobRows({ name, verdict, rows, empty }: ArrivingJob, width: number): readonly Row[] {
  const what =
    verdict === 'filled'
      ? `${name}: ${amount(rows)} ${rows === 1 ? 'row' : 'rows'}`
      : verdict === 'empty'
        ? `${name}: nothing in ${empty.join(', ')}`
        : `${name}: none, which is right where the shop does not use it`;
  return statusRows(words[verdict], what, width);
}
