import { ExpectedError } from '../errors.ts';
import type { OperationContext, Outcome, Performer, Progress } from '../plan/operation.ts';
import { groupCommand, type LocalGroupName, localGroups } from './local-groups.ts';

/** Makes a local group of the computer on which storedb and the SQL Server both run. */
export type CreateLocalGroup = {
  readonly kind: 'create-local-group';
  readonly group: LocalGroupName;
};

/** Registers that sign in otherwise work without the group: what fails here is told, and the run goes on. */
export const createLocalGroup: Performer<CreateLocalGroup> = async function* (
  { group: name }: CreateLocalGroup,
  { localGroups: groups, hasChanged }: OperationContext,
): AsyncGenerator<Progress, Outcome> {
  const group = localGroups.find((each) => each.name === name);
  if (groups === undefined || group === undefined)
    throw new Error(`The plan makes the local group ${name}, but there are none here.`);
  if (await groups.has(name)) return { outcome: 'skipped' };
  const command = groupCommand.add(name, group.comment);
  try {
    await groups.make(group);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return notMade(error.code, error.message, command);
  }
  // Asked again, because a group that nobody knows lets nobody in.
  if (!(await groups.has(name)))
    return notMade(
      'group-not-made',
      `Windows took the local group ${name}, but knows none of that name.`,
      command,
    );
  hasChanged();
  yield { done: 1, total: 1, unit: 'groups' };
  return {
    outcome: 'done',
    finding: {
      code: 'group-empty',
      message: `The new local group ${name} has no members yet.`,
      hint: `Put the Windows accounts ${group.members} into it, for each: ${groupCommand.addMember(name)}`,
    },
  };
};

function notMade(code: string, message: string, command: string): Outcome {
  return {
    outcome: 'warning',
    finding: {
      code,
      message,
      hint: `Have an administrator of this computer run: ${command} and run this again.`,
    },
  };
}
