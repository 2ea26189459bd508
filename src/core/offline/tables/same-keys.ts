import { fold } from '../../plan/detect/ask.ts';
import type { OfflineProfile } from '../profile/profile.ts';
import type { ProfileProblem } from '../profile/validate-profile.ts';
import { typeText } from '../tracking/column-type.ts';
import type { TableShape } from './table-shape.ts';

/** Tables of the profile whose primary key differs between two databases: their rows could not be matched. */
export function sameKeys(
  profile: OfflineProfile,
  store: ReadonlyMap<string, TableShape>,
  offline: ReadonlyMap<string, TableShape>,
): readonly ProfileProblem[] {
  return profile.scopes
    .flatMap(({ tables }) => tables)
    .flatMap((table): ProfileProblem[] => {
      const [here, there] = [store.get(fold(table)), offline.get(fold(table))];
      // A table that is missing on the register comes with the scripts that are still to run there.
      if (here === undefined || there === undefined || keyText(here) === keyText(there)) return [];
      return [
        {
          table,
          message: `The table ${table} has another primary key in the offline database than in the store database.`,
          hint: 'Bring both to the same version of the schema.',
        },
      ];
    });
}

function keyText({ columns, primaryKey }: TableShape): string {
  return primaryKey
    .map((name) => {
      const column = columns.find((each) => each.name === name);
      return `${fold(name)} ${column === undefined ? '' : typeText(column)}`;
    })
    .join(', ');
}
