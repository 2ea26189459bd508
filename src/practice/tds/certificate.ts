/**
 * A self-signed certificate for this machine's loopback, made anew for every start, because Node can read X.509 but
 * not issue it. DER as in ITU-T X.690, the certificate as in RFC 5280.
 */

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export type Certificate = {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
  /** SHA-256 of the certificate, hex in upper case, as tools show it without colons. */
  readonly fingerprint: string;
};

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectId: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  rsaWithSha256: '1.2.840.113549.1.1.11',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  subjectAlternativeName: '2.5.29.17',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
} as const;

const DAY = 86_400_000;

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const hex = body.length.toString(16);
  const length = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let value = arc >>> 7; value > 0; value >>>= 7) groups.unshift((value & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return der(TAG.objectId, Buffer.from(bytes));
}

function utf8(text: string): Buffer {
  return der(TAG.utf8, Buffer.from(text, 'utf8'));
}

function time(date: Date): Buffer {
  // UTCTime has two digits of the year: right until 2049, and this certificate lives a year.
  return der(TAG.utcTime, Buffer.from(`${date.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`, 'ascii'));
}

function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return der(TAG.bitString, Buffer.from([unusedBits]), bytes);
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  const critical = isCritical ? [der(TAG.boolean, Buffer.from([0xff]))] : [];
  return der(TAG.sequence, objectId(id), ...critical, der(TAG.octetString, value));
}

function extensions(): Buffer {
  const dns = der(0x82, Buffer.from('localhost', 'ascii'));
  const ipv4 = der(0x87, Buffer.from([127, 0, 0, 1]));
  const ipv6 = der(0x87, Buffer.from([...new Array(15).fill(0), 1]));
  return der(
    0xa3,
    der(
      TAG.sequence,
      extension(OID.basicConstraints, true, der(TAG.sequence)),
      // digitalSignature and keyEncipherment: bits 0 and 2, five bits unused.
      extension(OID.keyUsage, true, bitString(Buffer.from([0xa0]), 5)),
      extension(OID.extendedKeyUsage, false, der(TAG.sequence, objectId(OID.serverAuthentication))),
      extension(OID.subjectAlternativeName, false, der(TAG.sequence, dns, ipv4, ipv6)),
    ),
  );
}

function name(): Buffer {
  const part = (id: string, text: string): Buffer =>
    der(TAG.set, der(TAG.sequence, objectId(id), utf8(text)));
  return der(
    TAG.sequence,
    part(OID.organization, 'practice server, not SQL Server'),
    part(OID.commonName, 'localhost'),
  );
}

/** A positive number of 16 random bytes. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return der(TAG.integer, bytes);
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/**
 * A certificate with a fresh key, for localhost, 127.0.0.1 and ::1, valid from yesterday for a year.
 * `ec` (P-256) takes a millisecond to make, `rsa` (2048 bits) some hundred; SQL Server's own are RSA.
 */
export function selfSigned(kind: 'ec' | 'rsa' = 'ec', now: Date = new Date()): Certificate {
  const { privateKey, publicKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const algorithm =
    kind === 'ec'
      ? der(TAG.sequence, objectId(OID.ecdsaWithSha256))
      : der(TAG.sequence, objectId(OID.rsaWithSha256), der(TAG.null));
  const subject = name();
  const toBeSigned = der(
    TAG.sequence,
    der(0xa0, der(TAG.integer, Buffer.from([2]))), // version 3
    serialNumber(),
    algorithm,
    subject,
    der(TAG.sequence, time(new Date(now.getTime() - DAY)), time(new Date(now.getTime() + 365 * DAY))),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(),
  );
  const certificate = der(
    TAG.sequence,
    toBeSigned,
    algorithm,
    bitString(sign('sha256', toBeSigned, privateKey)),
  );
  return {
    certificate: pem('CERTIFICATE', certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    fingerprint: createHash('sha256').update(certificate).digest('hex').toUpperCase(),
  };
}
