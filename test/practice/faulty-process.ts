/** A practice server in a process of its own, which takes failures over its IPC channel. Ends with its parent. */

import type { Fault } from '../../src/practice/faults/fault.ts';
import { Faults } from '../../src/practice/faults/faults.ts';
import { startPracticeServer } from '../../src/practice/index.ts';

/** Each is answered with the number of failures that have struck so far. */
export type FaultOrder = { readonly arm: Fault } | 'clear' | 'count';

const faults = new Faults();
const server = await startPracticeServer({ faults });
process.on('message', (order: FaultOrder) => {
  if (order === 'clear') faults.clear();
  else if (order !== 'count') faults.arm(order.arm);
  process.send?.({ struck: faults.struck });
});
process.once('disconnect', () => void server.close());
const { server: name, user, password } = server;
process.stdout.write(`${JSON.stringify({ server: name, user, password })}\n`);
