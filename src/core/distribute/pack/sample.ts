import type { Answers } from '../../answers/answers.ts';
import type { Pack } from './pack.ts';

/** The pack of the invented shop under the ids of the answers, so that any answers can be rehearsed. */
export function asSample(pack: Pack, ids: Answers['identification']): Pack {
  const { company, store = '' } = pack.manifest;
  const standIns = new Map<string, string>();
  const replace = (invented: string, answered: string | undefined) => {
    if (answered === undefined || answered === invented) return;
    // Both ways round: the sample may have the other one as well.
    standIns.set(answered, invented).set(invented, answered);
  };
  replace(company, ids?.dataAreaId);
  replace(store, ids?.storeId);
  replace(`${store}-1`, ids?.registerId);
  const said = (text: string) => standIns.get(text) ?? text;
  return {
    ...pack,
    manifest: { ...pack.manifest, company: said(company), store: said(store) },
    sample: { standIns },
  };
}
