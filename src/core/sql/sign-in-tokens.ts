import type { Connection } from 'tedious';
import type { Conversation } from './windows-sign-in.ts';

/** Kinds of packets of the sign-in ([MS-TDS] 2.2.3.1.1). */
const packet = { login7: 0x10, sspi: 0x11 } as const;
/** Where LOGIN7 says which of its bytes are the token: offset, length ([MS-TDS] 2.2.6.4). */
const tokenAt = { offset: 78, length: 80 } as const;

/** The parts of the driver's connection that its types leave out (tedious 20, lib/connection.js). */
type DriverConnection = {
  sendLogin7Packet(): void;
  /** There is one for each connection attempt. */
  readonly messageIo: { sendMessage(type: number, data?: Buffer, reset?: boolean): unknown };
  /** The server's last token as it came. */
  readonly ntlmpacketBuffer?: Buffer;
};

/**
 * Lets Windows speak for a connection that the driver believes to sign in by NTLM: each token that the driver makes
 * goes out as the one of the conversation instead. What the conversation throws ends the sign-in; `onFailure` is told.
 */
export function speakTokens(
  connection: Connection,
  conversation: Conversation,
  onFailure: (error: unknown) => void,
): void {
  const driver = connection as unknown as DriverConnection;
  const next = (token?: Uint8Array): Uint8Array => {
    try {
      return conversation.next(token);
    } catch (error) {
      onFailure(error);
      connection.close();
      return new Uint8Array();
    }
  };
  const login = driver.sendLogin7Packet.bind(driver);
  driver.sendLogin7Packet = () => {
    const { messageIo } = driver;
    const send = messageIo.sendMessage.bind(messageIo);
    messageIo.sendMessage = (type, data, reset) => {
      if (type === packet.login7 && data) return send(type, withToken(data, next()), reset);
      if (type === packet.sspi) return send(type, Buffer.from(next(driver.ntlmpacketBuffer)), reset);
      return send(type, data, reset);
    };
    login();
  };
}

/** The token comes to the end; the driver's own stays where it was, and nothing refers to it any more. */
export function withToken(login: Buffer, token: Uint8Array): Buffer {
  const packet = Buffer.concat([login, token]);
  packet.writeUInt32LE(packet.length, 0);
  packet.writeUInt16LE(login.length, tokenAt.offset);
  packet.writeUInt16LE(token.length, tokenAt.length);
  return packet;
}
