/** From the first packet to a session: PRELOGIN, TLS, LOGIN7. */

import { randomBytes } from 'node:crypto';
import { Refusal } from '../engine/extension.ts';
import { type Engine, LoginRefused, type Message, type Session } from '../engine/results.ts';
import type { Link } from './link.ts';
import { FEATURE, type Login, parseLogin } from './login.ts';
import { answerLogin } from './login-reply.ts';
import { type RequestMessage, ResponseMessage, readMessage } from './messages.ts';
import { findUser, isNtlm, ntlmChallenge, parseNtlmAnswer, type WindowsUser } from './ntlm.ts';
import { LARGEST_PACKET, SMALLEST_PACKET } from './packets.ts';
import {
  agreeOnEncryption,
  type EncryptionPolicy,
  type EncryptionScope,
  parsePrelogin,
  preloginAnswer,
} from './prelogin.ts';
import { type Dialect, DONE, dialectFor, PACKET, ProtocolProblem, STATUS, TOKEN } from './protocol.ts';
import type { ResponseContext } from './response.ts';
import * as tokens from './tokens.ts';

export type HandshakeOptions = {
  readonly encryption: EncryptionPolicy;
  readonly serverName: string;
  /** Who may sign in with Windows authentication (NTLM). */
  readonly windowsUsers: readonly WindowsUser[];
};

export type LoggedIn = { readonly session: Session; readonly context: ResponseContext };

/** The packet size before it is agreed upon, and of a server that is left the choice. */
const DEFAULT_PACKET_SIZE = 4096;
/** No login is longer, [MS-TDS] 2.2.6.4. */
const LOGIN_LIMIT = 128 * 1024;

async function nextMessage(link: Link): Promise<RequestMessage | undefined> {
  const first = await link.next();
  return first && readMessage(link, first, LOGIN_LIMIT);
}

/** Agrees about encryption; undefined when the two cannot. */
function answerPrelogin(
  link: Link,
  engine: Engine,
  options: HandshakeOptions,
  data: Buffer,
): EncryptionScope | undefined {
  const client = parsePrelogin(data);
  const answer = agreeOnEncryption(client.encryption, link.isStrict ? 'optional' : options.encryption);
  link.send(PACKET.response, STATUS.endOfMessage, preloginAnswer(engine.version, answer.option));
  if (answer.isRefusal) return undefined;
  // With TDS 8.0 everything is inside TLS already, whatever the option says.
  if (link.isStrict) return 'none';
  if (answer.scope !== 'none') link.expectTls(answer.scope);
  return answer.scope;
}

function loginMessage(number: number, state: number, text: string): Message {
  return { number, state, class: 14, text, line: 1 };
}

function refuse(context: ResponseContext, messages: readonly Message[]): void {
  const message = new ResponseMessage(context.link, context.packetSize);
  for (const each of messages) tokens.writeMessage(message.out, context.dialect, each, context.serverName);
  tokens.writeBareDone(message.out, context.dialect, DONE.error);
  message.finish();
  context.link.end();
}

function clampPacketSize(requested: number): number {
  if (requested === 0) return DEFAULT_PACKET_SIZE;
  return Math.min(LARGEST_PACKET, Math.max(SMALLEST_PACKET, requested));
}

/** NTLM: sends a challenge and reads the answer. Undefined, and the client told why, when it does not prove a user. */
async function signInWithNtlm(
  context: ResponseContext,
  options: HandshakeOptions,
  firstMessage: Buffer,
): Promise<WindowsUser | undefined> {
  const { link } = context;
  if (options.windowsUsers.length === 0 || !isNtlm(firstMessage)) {
    const { number, message } = new Refusal('Windows authentication other than NTLM of known users');
    refuse(context, [loginMessage(number, 1, message)]);
    return undefined;
  }
  const nonce = randomBytes(8);
  const challenge = new ResponseMessage(link, context.packetSize);
  challenge.out.uint8(TOKEN.sspi);
  challenge.out.measured(() => challenge.out.bytes(ntlmChallenge(firstMessage, nonce, options.serverName)));
  challenge.finish();
  const message = await nextMessage(link);
  if (!message) return undefined;
  if (message.type !== PACKET.sspi)
    throw new ProtocolProblem(`a message of type ${message.type} within NTLM`);
  const answer = parseNtlmAnswer(message.data);
  const user = findUser(answer, nonce, options.windowsUsers);
  if (!user)
    refuse(context, [loginMessage(18456, 1, `Login failed for user '${answer.domain}\\${answer.user}'.`)]);
  return user;
}

/** Asks the engine; undefined, and the client told why, when the login is refused. */
async function logIn(
  context: ResponseContext,
  engine: Engine,
  options: HandshakeOptions,
  login: Login,
  isEncrypted: boolean,
): Promise<Session | undefined> {
  if (login.features.has(FEATURE.federatedAuthentication)) {
    const { number, message } = new Refusal('federated authentication');
    refuse(context, [loginMessage(number, 1, message)]);
    return undefined;
  }
  let { user, password } = login;
  if (login.sspi) {
    const windowsUser = await signInWithNtlm(context, options, login.sspi);
    if (!windowsUser) return undefined;
    user = `${windowsUser.domain}\\${windowsUser.user}`;
    password = '';
  }
  const { database, host, application, language, processId } = login;
  const request = { user, password, database, host, application, language, processId, isEncrypted };
  try {
    return await engine.login(login.sspi ? { ...request, isWindowsUser: true } : request);
  } catch (error) {
    if (!(error instanceof LoginRefused)) throw error;
    refuse(context, error.messages);
    return undefined;
  }
}

/** Undefined when no session came of it: the client has gone, was refused, or cannot agree. Throws ProtocolProblem. */
export async function handshake(
  link: Link,
  engine: Engine,
  options: HandshakeOptions,
): Promise<LoggedIn | undefined> {
  let message = await nextMessage(link);
  let scope: EncryptionScope = 'none';
  if (message?.type === PACKET.prelogin) {
    const agreed = answerPrelogin(link, engine, options, message.data);
    if (agreed === undefined) {
      link.end();
      return undefined;
    }
    scope = agreed;
    message = await nextMessage(link);
  } else if (message && options.encryption === 'required' && !link.isStrict) {
    throw new ProtocolProblem('a login without encryption');
  }
  if (!message) return undefined;
  if (message.type !== PACKET.login)
    throw new ProtocolProblem(`a message of type ${message.type} instead of a login`);
  link.endLoginTls();
  return answer(link, engine, options, parseLogin(message.data), scope !== 'none' || link.isStrict);
}

async function answer(
  link: Link,
  engine: Engine,
  options: HandshakeOptions,
  login: Login,
  isEncrypted: boolean,
): Promise<LoggedIn | undefined> {
  const dialect: Dialect | undefined = dialectFor(login.version);
  if (!dialect) throw new ProtocolProblem(`a client of the protocol version 0x${login.version.toString(16)}`);
  const packetSize = clampPacketSize(login.packetSize);
  const { serverName } = options;
  // A client that wants small packets may not take larger ones even now.
  const context = { link, dialect, packetSize: Math.min(packetSize, DEFAULT_PACKET_SIZE), serverName };
  const session = await logIn(context, engine, options, login, isEncrypted);
  if (!session) return undefined;
  link.spid = session.id;
  answerLogin(context, engine, session, login, packetSize);
  link.agreeOnPacketSize(packetSize);
  return { session, context: { ...context, packetSize } };
}
