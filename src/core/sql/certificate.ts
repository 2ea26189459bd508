import { getCACertificates, type TLSSocket } from 'node:tls';
import type { ExpectedError } from '../errors.ts';
import { connectError } from './connect-errors.ts';
import { shortFingerprint } from './pins.ts';
import type { EncryptionChoice } from './session.ts';

/** How the traffic is protected, and why the server was believed. */
export type Protection = {
  readonly verdict: 'checked' | 'accepted-before' | 'accepted-now' | 'this-computer' | 'plaintext';
  /** 'TLSv1.2'; empty for plaintext. */
  readonly version: string;
  /** SHA-256 of the certificate as `4F:19:...`; empty for plaintext. */
  readonly fingerprint: string;
};

export const plaintext: Protection = { verdict: 'plaintext', version: '', fingerprint: '' };

export type JudgedPeer = { readonly protection: Protection } | { readonly refusal: ExpectedError };

/**
 * Decides whether the server behind a finished handshake is the right one; nothing has been sent to it yet.
 *
 * A certificate that authority and host name confirm is always good, and so is the one that was accepted before. An
 * unknown one is refused under `verify` and accepted under `trust` and `legacy`; another one than was accepted is
 * refused. On this computer there is no network to listen on, and SQL Server makes itself a new certificate at each
 * restart: there `trust` and `legacy` do not compare it with the one before.
 */
export function judgePeer(
  peer: TLSSocket,
  about: {
    readonly choice: EncryptionChoice;
    readonly pin: string | undefined;
    readonly isLoopback: boolean;
    readonly label: string;
    readonly serverKey: string;
  },
): JudgedPeer {
  const certificate = peer.getPeerX509Certificate();
  const fingerprint = certificate?.fingerprint256 ?? '';
  const version = peer.getProtocol() ?? '';
  const accept = (verdict: Protection['verdict']): JudgedPeer => ({
    protection: { verdict, version, fingerprint },
  });
  const context = { server: about.label };
  const details = { fingerprint, serverKey: about.serverKey, reason: String(peer.authorizationError ?? '') };

  if (certificate === undefined) return { refusal: connectError('tls-failed', context) };
  if (peer.authorized) return accept('checked');
  if (about.isLoopback && about.choice !== 'verify') return accept('this-computer');
  if (about.pin === fingerprint) return accept('accepted-before');
  if (about.pin !== undefined) {
    const add = `Accepted was ${shortFingerprint(about.pin)}, now it is ${shortFingerprint(fingerprint)} (SHA-256).`;
    return {
      refusal: connectError('certificate-changed', context, {
        add,
        details: { ...details, accepted: about.pin },
      }),
    };
  }
  if (about.choice !== 'verify') return accept('accepted-now');
  const add = `${reason(details.reason, certificate.subject)} Its SHA-256 begins ${shortFingerprint(fingerprint)}.`;
  return { refusal: connectError('certificate-unknown', context, { add, details }) };
}

function reason(code: string, subject: string | undefined): string {
  const name = /CN=([^\n]+)/.exec(subject ?? '')?.[1];
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `It was made out for another name${name ? ` (${name})` : ''}.`;
  if (code === 'CERT_HAS_EXPIRED') return 'It has expired.';
  if (code === 'CERT_NOT_YET_VALID') return 'It is not valid yet; check the clock of this computer.';
  if (/SELF_SIGNED/.test(code)) return 'It was made by the server itself.';
  return 'Its authority is not known here.';
}

/**
 * Node's list of authorities and the one of the operating system, where a company puts its own. Read once; a system
 * store that cannot be read leaves Node's list.
 */
export function trustedAuthorities(): readonly string[] {
  systemAuthorities ??= readSystemAuthorities();
  return systemAuthorities.length === 0 ? [] : [...getCACertificates('default'), ...systemAuthorities];
}

let systemAuthorities: readonly string[] | undefined;

function readSystemAuthorities(): readonly string[] {
  try {
    return getCACertificates('system');
  } catch {
    return [];
  }
}
