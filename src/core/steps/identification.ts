import { dataAreaId, shortText } from './rules.ts';
import { defineField, defineStep, textOf } from './step.ts';
import { isForRegister } from './task.ts';

export const identification = defineStep({
  id: 'identification',
  title: 'Identification',
  help: [
    'The IDs must be those that head office uses, letter for letter.',
    'For a store database they are optional: they are recorded in the database, so that a second store database of',
    'the same store is noticed. A register needs all three.',
  ].join('\n'),
  fields: [
    defineField({
      key: 'identification.storeId',
      label: 'Store ID',
      help: 'The number of the store at head office, up to 10 characters.',
      kind: 'text',
      schema: shortText('The store ID', 10),
      example: 'HOUSTON',
      isRequired: isForRegister,
    }),
    defineField({
      key: 'identification.registerId',
      label: 'Register ID',
      help: 'Different for each register of the store, up to 10 characters.',
      kind: 'text',
      schema: shortText('The register ID', 10),
      example: 'HOUSTON-1',
      isRelevant: isForRegister,
      isKeptUnasked: true,
    }),
    defineField({
      key: 'identification.dataAreaId',
      label: 'Data area ID',
      help: 'The company code at head office, up to 4 letters or digits.',
      kind: 'text',
      schema: dataAreaId,
      example: 'usrt',
      isRequired: isForRegister,
    }),
  ],
  summary: (draft) => {
    const store = textOf(draft, 'identification.storeId');
    const register = isForRegister(draft) ? textOf(draft, 'identification.registerId') : '';
    const company = textOf(draft, 'identification.dataAreaId');
    const ids = [store, register].filter((id) => id !== '').join(' / ');
    if (company === '') return ids === '' ? 'not given' : ids;
    return ids === '' ? `company ${company}` : `${ids} (${company})`;
  },
});
