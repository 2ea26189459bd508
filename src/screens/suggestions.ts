import type { Field } from '../core/steps/index.ts';
import { textOf } from '../core/steps/step.ts';
import type { KnownRegister } from './state/step.ts';
import type { WizardState } from './wizard.ts';

/** A value that is known, to be taken instead of typing it; the note says where it comes from. */
export type Suggestion = { readonly value: string; readonly note: string };

/** As many as leave the other fields in sight on a small screen. */
const most = 5;

/** What could be meant in this field; what stands there already is not offered. */
export function suggestionsFor(
  field: Field,
  state: Pick<WizardState, 'draft' | 'servers' | 'identities'>,
): readonly Suggestion[] {
  const current = textOf(state.draft, field.key).toLowerCase();
  if (field.kind === 'server')
    return state.servers
      .filter((server) => server !== state.draft[field.key])
      .slice(0, 4)
      .map((value) => ({ value, note: 'found on this computer' }));
  const known = knownIn(field.key, state);
  const isOne = known.some(({ value }) => value.toLowerCase() === current);
  return known
    .filter(({ value }) =>
      isOne ? value.toLowerCase() !== current : value.toLowerCase().startsWith(current),
    )
    .slice(0, most);
}

/** All that is known for a field, for lists that are read and not typed into. */
export function knownIn(key: string, { identities }: Pick<WizardState, 'identities'>): readonly Suggestion[] {
  if (identities?.status !== 'found') return [];
  const note = 'in the store database';
  switch (key) {
    case 'identification.storeId':
      return identities.stores.map((value) => ({ value, note }));
    case 'identification.registerId':
      return identities.registers.map((register) => ({
        value: register.id,
        note: placeOf(register) ?? note,
      }));
    case 'identification.dataAreaId':
      return identities.companies.map((value) => ({ value, note }));
    default:
      return [];
  }
}

/** "set up on POS-07" */
export function placeOf({ machine, isHere }: KnownRegister): string | undefined {
  if (machine === undefined) return undefined;
  return isHere ? 'set up on this computer' : `set up on ${machine}`;
}
