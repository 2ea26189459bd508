/** Runs one hostile batch on a fresh engine in this process, and says what was wrong with the answer. */

import { setTimeout as delay } from 'node:timers/promises';
import { createEngine } from '../../../src/practice/engine/engine.ts';
import type { EnvironmentChange, Session } from '../../../src/practice/engine/results.ts';
import type { Link } from '../../../src/practice/tds/link.ts';
import { dialectFor } from '../../../src/practice/tds/protocol.ts';
import { Response } from '../../../src/practice/tds/response.ts';
import { collecting, login } from '../../conformance/in-process.ts';
import { checkReply } from './reply.ts';
import { scenery } from './vocabulary.ts';

/** A batch may run this long, in milliseconds, before the client's attention comes; ending then may take GRACE. */
const PATIENCE = 100;
const GRACE = 10_000;
/** A reply of more bytes than this is interrupted as well: what is tested is its form. */
const ENOUGH = 1 << 22;

/** A link that keeps what is sent. */
class Kept {
  readonly parts: Buffer[] = [];
  length = 0;
  readonly isFull = false;
  readonly isClosed = false;
  readonly onEnough: () => void;
  constructor(onEnough: () => void) {
    this.onEnough = onEnough;
  }
  send(_type: number, _status: number, data: Buffer): void {
    this.parts.push(data);
    this.length += data.length;
    if (this.length > ENOUGH) this.onEnough();
  }
  together(body: () => void): void {
    body();
  }
  drained(): Promise<void> {
    return Promise.resolve();
  }
}

/** Undefined when all is well: the batch ended, the reply is sound, and the session goes on. */
export const tryBatch = async (text: string): Promise<string | undefined> => {
  const engine = createEngine({ login: { user: 'sa', password: 'Secret-1' } });
  const session = await engine.login(login());
  const quiet = new AbortController().signal;
  for (const setting of ['create database scratch', 'use scratch', ...scenery])
    await session.batch(setting, collecting().sink, quiet);
  const problem = await answerOf(session, text);
  if (problem !== undefined) return problem;
  await session.close();
  const { instance } = engine;
  if (instance.transactions.size > 0) return 'a transaction outlives its session';
  if (instance.server.sessions.size > 0) return 'the session is still listed after its end';
  return undefined;
};

const answerOf = async (session: Session, text: string): Promise<string | undefined> => {
  const attention = new AbortController();
  const abort = (): void => attention.abort();
  const link = new Kept(abort);
  const dialect = dialectFor(0x74000004);
  if (dialect === undefined) throw new Error('no dialect');
  const context = { link: link as unknown as Link, dialect, packetSize: 4096, serverName: 'FUZZ' };
  const response = new Response(context, attention.signal);
  let isOpen = false;
  const environment = response.environment.bind(response);
  response.environment = (change: EnvironmentChange): void => {
    if ('descriptor' in change) isOpen = change.kind === 'transaction-began';
    environment(change);
  };
  const timer = setTimeout(abort, PATIENCE);
  const guard = new AbortController();
  const work = session.batch(text, response, attention.signal).then(
    () => undefined,
    (error: unknown) => {
      // Giving up a cancelled batch by throwing is allowed: see the wire.
      if (attention.signal.aborted) return undefined;
      return `internal error: ${error instanceof Error ? error.stack : error}`;
    },
  );
  const outcome = await Promise.race([
    work,
    delay(PATIENCE + GRACE, 'the batch does not end after the attention', { signal: guard.signal }).catch(
      () => undefined,
    ),
  ]);
  guard.abort();
  clearTimeout(timer);
  if (outcome !== undefined) return outcome;
  response.finish();
  try {
    checkReply(Buffer.concat(link.parts));
  } catch (error) {
    return `bad reply: ${error instanceof Error ? error.message : error}`;
  }
  const { sink, answer } = collecting();
  try {
    await session.batch('select @@trancount', sink, new AbortController().signal);
  } catch (error) {
    return `the session is broken afterwards: ${error instanceof Error ? error.stack : error}`;
  }
  // Options of the batch stay (SET FMTONLY, NOEXEC, ROWCOUNT): then there is no row to look at.
  const depth = answer.sets[0]?.rows[0]?.[0];
  if (typeof depth === 'number' && depth > 0 !== isOpen)
    return `@@TRANCOUNT is ${depth}, but the client was told that a transaction is ${isOpen ? 'open' : 'closed'}`;
  return undefined;
};
