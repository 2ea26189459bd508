/** The server's side of TLS as a pair of pipes: encrypted bytes in and out, packets' bytes in and out. */

import { constants } from 'node:crypto';
import { type Duplex, duplexPair } from 'node:stream';
import { createSecureContext, type SecureContext, type SecureVersion, TLSSocket } from 'node:tls';

export type TlsOptions = {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  /** Default TLSv1.2. Below it OpenSSL also wants the lowest security level, which is then set. */
  readonly minVersion?: SecureVersion;
  /** Default TLSv1.2 inside TDS, as SQL Server does it, and TLSv1.3 where TLS comes first. */
  readonly maxVersion?: SecureVersion;
};

/** Contexts for the two ways in which clients come; made once for all connections. */
export type TlsContexts = { readonly insideTds: SecureContext; readonly strict: SecureContext };

export function tlsContexts(options: TlsOptions): TlsContexts {
  const minVersion = options.minVersion ?? 'TLSv1.2';
  const isLegacy = minVersion === 'TLSv1' || minVersion === 'TLSv1.1';
  const context = (maxVersion: SecureVersion): SecureContext =>
    createSecureContext({
      cert: options.certificate,
      key: options.key,
      minVersion,
      maxVersion: options.maxVersion ?? maxVersion,
      // Session tickets would travel after the handshake, when the client no longer expects handshake packets.
      secureOptions: constants.SSL_OP_NO_TICKET,
      ...(isLegacy ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
    });
  return { insideTds: context('TLSv1.2'), strict: context('TLSv1.3') };
}

export type TlsLayer = {
  /** Packets in clear: read from and written to like a socket. */
  readonly clear: TLSSocket;
  /** TLS records: what is written here came from the client, what is read here goes to it. */
  readonly encrypted: Duplex;
};

export function openTls(context: SecureContext, isStrict: boolean): TlsLayer {
  const [inner, encrypted] = duplexPair();
  const clear = new TLSSocket(inner, {
    isServer: true,
    secureContext: context,
    ...(isStrict ? { ALPNProtocols: ['tds/8.0'] } : {}),
  });
  return { clear, encrypted };
}

/** Content types of TLS records: change cipher spec, alert, handshake, application data. */
export function isTlsRecord(firstByte: number): boolean {
  return firstByte >= 0x14 && firstByte <= 0x17;
}

/** Header of a TLS record: type, two bytes of version, two of length. */
const RECORD_HEADER = 5;

/** Cuts a stream into TLS records, and notices where it goes on without TLS. */
export class RecordCutter {
  #rest: Buffer = Buffer.alloc(0);

  /** Whole records, and what follows them when that is no TLS. */
  push(bytes: Buffer): { readonly records: Buffer; readonly plain: Buffer | undefined } {
    const buffer = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    while (at < buffer.length) {
      if (!isTlsRecord(buffer.readUInt8(at))) {
        this.#rest = Buffer.alloc(0);
        return { records: buffer.subarray(0, at), plain: buffer.subarray(at) };
      }
      if (buffer.length - at < RECORD_HEADER) break;
      const end = at + RECORD_HEADER + buffer.readUInt16BE(at + 3);
      if (end > buffer.length) break;
      at = end;
    }
    this.#rest = buffer.subarray(at);
    return { records: buffer.subarray(0, at), plain: undefined };
  }
}
