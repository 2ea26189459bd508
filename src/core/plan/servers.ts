import type { DeployerLock } from './lock.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { SetupInput } from './setup.ts';
import { databaseOf, type Side } from './situation.ts';

/** The servers of a run: one for a store database, two where a register is set up. */
export type RunServers = {
  readonly sides: readonly Side[];
  /** The sessions on the server of a side. Throws for a side that the task does not have: a fault of the caller. */
  of(side: Side): Sessions;
  close(): Promise<void>;
};

/** The sides that a task works on, in the order in which their locks are taken: always the store first. */
export function sidesOf({ answers }: Pick<SetupInput, 'answers'>): readonly Side[] {
  return answers.task === 'offline-database' ? ['store', 'offline'] : ['store'];
}

export function serversFor(input: SetupInput): RunServers {
  const { answers, servers } = input;
  const sessions = new Map(
    sidesOf(input).map((side) => {
      const { server } = databaseOf(side, answers);
      const signIn = side === 'store' ? input.storeSignIn : input.offlineSignIn;
      if (signIn === undefined) throw new Error(`There is no sign-in for the ${side} side.`);
      return [
        side,
        createSessions(servers, { server, signIn, encryption: answers.options.encryption }),
      ] as const;
    }),
  );
  return serversOf(sessions);
}

export function serversOf(sessions: ReadonlyMap<Side, Sessions>): RunServers {
  return {
    sides: [...sessions.keys()],
    of(side) {
      const found = sessions.get(side);
      if (found === undefined) throw new Error(`This run has no ${side} side.`);
      return found;
    },
    async close() {
      await Promise.all([...sessions.values()].map((each) => each.close()));
    },
  };
}

/** The deployer's locks of a run, one for each side that it changes. */
export type RunLocks = {
  /** Throws as `DeployerLock.assertHeld` does. */
  assertHeld(side: Side): void;
  /** Lets others go on with a side that this run is through with. */
  release(side: Side): Promise<void>;
  releaseAll(): Promise<void>;
};

/** Over a map that the run fills as it takes the locks; what is released leaves it. */
export function locksOf(held: Map<Side, DeployerLock>): RunLocks {
  const release = async (side: Side) => {
    const lock = held.get(side);
    held.delete(side);
    await lock?.release();
  };
  return {
    assertHeld(side) {
      const lock = held.get(side);
      if (lock === undefined) throw new Error(`The lock of the ${side} side is not held.`);
      lock.assertHeld();
    },
    release,
    async releaseAll() {
      for (const side of [...held.keys()]) await release(side);
    },
  };
}
