import type { RowCounts } from '../../../../src/core/sync/events.ts';
import type { Service } from './service.ts';
import { type Place, type Register, tableNames } from './small-shop.ts';
import { demand } from './violation.ts';
import type { World } from './world.ts';

/** A cycle in which nothing is left to be done: no row moves, and no table of the shop is written. */
export async function idleCycle(
  world: World,
  service: Service,
  register: Register,
  kind: 'may move anchors' | 'writes nothing',
): Promise<void> {
  const sites = [world.sites.store, world.sites[register]];
  const commits = () => sites.map(({ faults }) => faults.commits).join(' and ');
  const tracked = async () =>
    JSON.stringify([await trackedIn(world, 'store'), await trackedIn(world, register)]);
  const before = { commits: commits(), tracked: await tracked() };
  const ended = await service.cycle({ logsIdle: false });
  demand(ended !== undefined, 'a cycle ends', () => 'this one did not');
  const sum = (what: keyof RowCounts) =>
    ended?.scopes.reduce((all, { downloaded, uploaded }) => all + downloaded[what] + uploaded[what], 0) ?? 0;
  // What the server refused is tried again, in vain.
  const again = sum('parked');
  demand(
    sum('ok') === 0 && ended?.outcome === (again === 0 ? 'done' : 'partly'),
    'a cycle once more moves nothing',
    () => `${register}: ${JSON.stringify(ended)}`,
  );
  const after = await tracked();
  demand(
    after === before.tracked,
    'a cycle once more writes no table',
    () => `${before.tracked}, then ${after}`,
  );
  demand(
    kind === 'may move anchors' || again > 0 || commits() === before.commits,
    'an idle cycle writes nothing',
    () => `${register}: transactions at the store and the register: ${before.commits}; then ${commits()}`,
  );
}

const trackedIn = async (world: World, place: Place): Promise<unknown> =>
  await (await world.session(place)).query(lastChanges);

/** The last change of each table, also one that wrote what was there. */
const lastChanges = tableNames
  .map((table) => `SELECT MAX(CAST(local_update_peer_timestamp AS bigint)) AS at FROM dbo.${table}_tracking`)
  .join('\nUNION ALL ');
