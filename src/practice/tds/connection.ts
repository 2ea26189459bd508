/** One client from its first byte to its last: the requests of a session, one after the other. */

import { SqlError } from '../engine/extension.ts';
import type { Engine, Message, Session } from '../engine/results.ts';
import { ConnectionBroken } from '../engine/trouble.ts';
import { BulkInterrupted, BulkLoad } from './bulk.ts';
import { OutOfBytes } from './byte-reader.ts';
import { type HandshakeOptions, handshake } from './handshake.ts';
import type { Link } from './link.ts';
import { type RequestMessage, readMessage, resetOf } from './messages.ts';
import type { Packet } from './packets.ts';
import { DONE, PACKET, ProtocolProblem } from './protocol.ts';
import { parseBatchRequest, parseProcedureCalls, parseTransactionRequest } from './requests.ts';
import { answerDone, Response, type ResponseContext } from './response.ts';

export type ConnectionOptions = HandshakeOptions & {
  /** Told of bugs of the engine and of what clients did wrong; ordinary ends are not told. */
  onProblem(problem: Error): void;
};

/**
 * A request of more than so many packets is refused, and the connection with it: a client that never ends its message
 * must not fill the memory. SQL Server's limit for a batch: learn.microsoft.com/sql/sql-server/maximum-capacity-specifications-for-sql-server
 */
const PACKETS_LIMIT = 65_536;

/** Serves a client until it goes. Never rejects: what breaks a connection is told to `onProblem`. */
export async function serve(link: Link, engine: Engine, options: ConnectionOptions): Promise<void> {
  try {
    const loggedIn = await handshake(link, engine, options);
    if (loggedIn) await new Conversation(loggedIn.session, loggedIn.context, options).run();
  } catch (error) {
    if (error instanceof ConnectionBroken) link.destroy();
    else if (error instanceof OutOfBytes) link.destroy(new ProtocolProblem(error.message));
    else link.destroy(asError(error));
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Class 20: the session's state is no longer known, and SQL Server ends the connection at that severity too. */
function bugMessage(error: Error): Message {
  return {
    number: 50199,
    state: 1,
    class: 20,
    text: `Practice server: internal error: ${error.message}`,
    line: 1,
  };
}

class Conversation {
  readonly #session: Session;
  readonly #context: ResponseContext;
  readonly #options: ConnectionOptions;

  constructor(session: Session, context: ResponseContext, options: ConnectionOptions) {
    this.#session = session;
    this.#context = context;
    this.#options = options;
  }

  async run(): Promise<void> {
    const { link } = this.#context;
    try {
      for (let first = await link.next(); first; first = await link.next()) {
        if (!(await this.#serveMessage(first))) return;
      }
    } finally {
      await this.#session.close();
    }
  }

  /** False when the connection is not to go on. */
  async #serveMessage(first: Packet): Promise<boolean> {
    const { link } = this.#context;
    switch (first.type) {
      case PACKET.attention:
        // The request that it meant was answered, in a message of its own, before we got here.
        answerDone(this.#context, DONE.attention);
        return true;
      case PACKET.bulk:
        return this.#serveBulk(first);
      case PACKET.batch:
      case PACKET.rpc:
      case PACKET.transaction: {
        const message = await readMessage(link, first, PACKETS_LIMIT * this.#context.packetSize);
        if (!message) return false;
        if (message.isIgnored) {
          answerDone(this.#context, DONE.error);
          return true;
        }
        return this.#serveWhole(message);
      }
      default:
        throw new ProtocolProblem(`a message of type ${first.type} within a session`);
    }
  }

  /** Aborts when an attention comes, or when the client goes. Returns how to stop watching. */
  #abortOnAttention(abort: AbortController): () => void {
    return this.#context.link.watch((packet) => {
      if (!packet || packet.type === PACKET.attention) abort.abort();
    });
  }

  async #serveWhole(message: RequestMessage): Promise<boolean> {
    const abort = new AbortController();
    const unwatch = this.#abortOnAttention(abort);
    try {
      const response = new Response(this.#context, abort.signal);
      const isSound = await this.#attempt(response, abort.signal, message.reset, () =>
        this.#execute(message, response, abort.signal),
      );
      return this.#finish(response, isSound);
    } finally {
      unwatch();
    }
  }

  async #serveBulk(first: Packet): Promise<boolean> {
    const { link, dialect } = this.#context;
    const abort = new AbortController();
    let unwatch = (): void => {};
    const load = new BulkLoad(link, dialect, first, () => {
      unwatch = this.#abortOnAttention(abort);
    });
    try {
      const response = new Response(this.#context, abort.signal);
      const isSound = await this.#attempt(response, abort.signal, resetOf(first), async () => {
        try {
          const columns = await load.columns();
          const rows = load.rows(() => abort.abort());
          await this.#session.bulk(columns, rows, response, abort.signal);
        } finally {
          await load.skipRest();
        }
      });
      if (load.problem !== undefined && !(load.problem instanceof BulkInterrupted)) throw load.problem;
      return this.#finish(response, isSound, load.isIgnored ? DONE.error : DONE.final);
    } finally {
      unwatch();
    }
  }

  /** Runs a request. False after a bug: the client is told, and the connection is to end. */
  async #attempt(
    response: Response,
    signal: AbortSignal,
    reset: RequestMessage['reset'],
    body: () => Promise<void>,
  ): Promise<boolean> {
    try {
      if (reset !== 'no') await this.#reset(reset, response);
      await body();
      return true;
    } catch (error) {
      if (error instanceof ConnectionBroken) throw error;
      // What the engine throws while it gives up a cancelled request is its way of giving up.
      if (signal.aborted) return true;
      if (error instanceof ProtocolProblem || error instanceof OutOfBytes) throw error;
      if (error instanceof SqlError) {
        // Found before the engine had the request: a parameter of a type that this server has not.
        response.message({
          number: error.number,
          state: error.state,
          class: error.class,
          text: error.message,
          line: 1,
        });
        return true;
      }
      const bug = asError(error);
      this.#options.onProblem(bug);
      response.message(bugMessage(bug));
      return false;
    }
  }

  #finish(response: Response, isSound: boolean, statusAfterAbort: number = DONE.final): boolean {
    const { link } = this.#context;
    response.finish(statusAfterAbort);
    if (!isSound) link.end();
    return isSound && !link.isClosed;
  }

  async #reset(reset: 'yes' | 'keep-transaction', response: Response): Promise<void> {
    const before = this.#session.database;
    await this.#session.reset(reset === 'keep-transaction');
    response.connectionReset();
    const after = this.#session.database;
    if (after !== before) response.environment({ kind: 'database', old: before, new: after });
  }

  async #execute(message: RequestMessage, response: Response, signal: AbortSignal): Promise<void> {
    const { dialect } = this.#context;
    if (message.type === PACKET.batch) {
      await this.#session.batch(parseBatchRequest(message.data, dialect), response, signal);
    } else if (message.type === PACKET.rpc) {
      for (const call of parseProcedureCalls(message.data, dialect)) {
        if (signal.aborted) return;
        response.beginProcedure();
        await this.#session.call(call.procedure, call.parameters, response, signal);
        response.endProcedure();
      }
    } else {
      for (const request of parseTransactionRequest(message.data, dialect)) {
        await this.#session.transaction(request, response, signal);
      }
    }
  }
}
