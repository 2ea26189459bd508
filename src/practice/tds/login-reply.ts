/** The answer to a login that succeeded. */

import type { Engine, Session } from '../engine/results.ts';
import { SERVER_COLLATION, wireCollation } from './collation.ts';
import { FEATURE, type Login } from './login.ts';
import { ResponseMessage } from './messages.ts';
import { DONE, ENVIRONMENT, TOKEN } from './protocol.ts';
import type { ResponseContext } from './response.ts';
import * as tokens from './tokens.ts';

/** LOGINACK's interface: T-SQL. */
const TSQL = 1;
const LANGUAGE = 'us_english';

function info(number: number, state: number, text: string) {
  return { number, state, class: 0, text, line: 1 };
}

/** `newPacketSize` is what the client may use from its next request on. */
export function answerLogin(
  context: ResponseContext,
  engine: Engine,
  session: Session,
  login: Login,
  newPacketSize: number,
): void {
  const { dialect, serverName } = context;
  const message = new ResponseMessage(context.link, context.packetSize);
  const { out } = message;
  tokens.writeTextChange(out, ENVIRONMENT.database, session.database, 'master');
  tokens.writeMessage(
    out,
    dialect,
    info(5701, 2, `Changed database context to '${session.database}'.`),
    serverName,
  );
  tokens.writeBytesChange(
    out,
    ENVIRONMENT.collation,
    wireCollation(SERVER_COLLATION).bytes,
    new Uint8Array(0),
  );
  tokens.writeTextChange(out, ENVIRONMENT.language, LANGUAGE, '');
  tokens.writeMessage(out, dialect, info(5703, 1, `Changed language setting to ${LANGUAGE}.`), serverName);
  out.uint8(TOKEN.loginAck);
  out.measured(() => {
    out.uint8(TSQL);
    out.uint32BE(dialect.version);
    out.shortText(engine.programName);
    out.uint8(engine.version.major);
    out.uint8(engine.version.minor);
    out.uint16BE(engine.version.build);
  });
  tokens.writeTextChange(out, ENVIRONMENT.packetSize, String(newPacketSize), String(context.packetSize));
  if (login.features.has(FEATURE.utf8)) {
    out.uint8(TOKEN.featureAck);
    out.uint8(FEATURE.utf8);
    out.uint32(1);
    out.uint8(1);
    out.uint8(FEATURE.end);
  }
  tokens.writeBareDone(out, dialect, DONE.final);
  message.finish();
}
