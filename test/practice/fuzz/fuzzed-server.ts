/**
 * The process that is fuzzed: a practice server that tells its parent of every bug that it notices, and on request
 * what is left over. Run with --expose-gc, and with an IPC channel; ends with its parent.
 */

import { createEngine } from '../../../src/practice/engine/engine.ts';
import { OutOfBytes } from '../../../src/practice/tds/byte-reader.ts';
import { ProtocolProblem } from '../../../src/practice/tds/protocol.ts';
import { listen } from '../../../src/practice/tds/server.ts';

export type ServerReport =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'bug'; readonly problem: string }
  | {
      readonly kind: 'state';
      /** Bytes after a collection of garbage. */
      readonly heap: number;
      readonly sessions: number;
      readonly transactions: number;
    };

const tell = (report: ServerReport): void => void process.send?.(report);

const engine = createEngine({ login: { user: 'sa', password: 'Secret-1' } });
const { instance } = engine;
const server = await listen(engine, {
  port: 0,
  onProblem: (problem) => {
    const isTls = 'code' in problem && String(problem.code).startsWith('ERR_SSL');
    // What clients do wrong is not a bug; everything else is.
    if (problem instanceof ProtocolProblem || problem instanceof OutOfBytes || isTls) return;
    tell({ kind: 'bug', problem: problem.stack ?? problem.message });
  },
});
process.on('message', () => {
  globalThis.gc?.();
  tell({
    kind: 'state',
    heap: process.memoryUsage().heapUsed + process.memoryUsage().external,
    sessions: instance.server.sessions.size,
    transactions: instance.transactions.size,
  });
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'listening', port: server.port });
