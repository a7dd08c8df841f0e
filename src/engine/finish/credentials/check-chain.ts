import type { KeyObject, X509Certificate } from 'node:crypto';
import type { Problem } from '../../core/errors.ts';
import { isoTime } from '../../core/iso-time.ts';
import { CERTIFICATE_PURPOSES } from './c2pa-library.ts';

const COLUMN = 'credentials.certificate';
const ANY_PURPOSE = '2.5.29.37.0';

/**
 * Whether certificates can vouch for what a key signs, at `now` (milliseconds), as far as it can be seen
 * without the library: it has the last word. `key`: absent where it could not be read.
 */
export function checkChain(
  chain: readonly X509Certificate[],
  key: KeyObject | undefined,
  now: number,
): Problem[] {
  const [own] = chain;
  if (own === undefined) return [];
  return [
    ...checkKey(own, chain, key),
    ...checkPurposes(own),
    ...chain.flatMap((certificate) => checkTime(certificate, now)),
    ...checkOrder(chain),
  ];
}

function checkKey(
  own: X509Certificate,
  chain: readonly X509Certificate[],
  key: KeyObject | undefined,
): Problem[] {
  if (key === undefined || own.checkPrivateKey(key)) return [];
  const isLater = chain.some((certificate) => certificate.checkPrivateKey(key));
  return [
    isLater
      ? {
          column: COLUMN,
          message: 'The certificate of the private key is not the first of the file',
          remedy: 'Put it first, then the one that made it out, and so on.',
        }
      : {
          column: 'credentials.private_key',
          message: `The private key does not belong to the certificate of ${nameIn(own.subject)}`,
          remedy: 'Name the key that the certificate was asked for with, or its certificate.',
        },
  ];
}

function checkPurposes(own: X509Certificate): Problem[] {
  if (own.ca) {
    return [
      {
        column: COLUMN,
        message: `The certificate of ${nameIn(own.subject)} is an authority's, which signs certificates only`,
        remedy: 'Put the certificate that it made out for you first.',
      },
    ];
  }
  // Node's name for the extended key usage.
  const purposes = (own.keyUsage as readonly string[] | undefined) ?? [];
  const isFit = CERTIFICATE_PURPOSES.some((purpose) => purposes.includes(purpose));
  if (isFit && !purposes.includes(ANY_PURPOSE)) return [];
  return [
    {
      column: COLUMN,
      message: 'The certificate is not made out for signing content',
      remedy:
        'Ask for one with the extended key usage emailProtection or documentSigning, or that of C2PA (1.3.6.1.4.1.62558.2.1), and not for any purpose.',
    },
  ];
}

function checkTime(certificate: X509Certificate, now: number): Problem[] {
  const who = nameIn(certificate.subject);
  const [from, to] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  if (now > to) {
    return [
      {
        column: COLUMN,
        message: `The certificate of ${who} expired on ${dayOf(to)}`,
        remedy: 'Renew it, or take the credentials section out to go on unsigned.',
      },
    ];
  }
  if (now >= from) return [];
  return [
    {
      column: COLUMN,
      message: `The certificate of ${who} is not valid before ${dayOf(from)}`,
      remedy: 'Check the clock of this machine, or wait.',
    },
  ];
}

function checkOrder(chain: readonly X509Certificate[]): Problem[] {
  return chain.slice(1).flatMap((issuer, at) => {
    const certificate = chain[at];
    if (certificate === undefined || isIssuedBy(certificate, issuer)) return [];
    return [
      {
        column: COLUMN,
        message: `The certificate of ${nameIn(certificate.subject)} was not made out by ${nameIn(issuer.subject)}, which follows it`,
        remedy: 'Put your own certificate first, then the one that made it out, and so on.',
      },
    ];
  });
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** The common name of a certificate's holder, or else the organization. */
export function nameIn(names: string): string {
  return (/^CN=(.*)$/m.exec(names) ?? /^O=(.*)$/m.exec(names))?.[1] ?? names.replaceAll('\n', ', ');
}

function dayOf(time: number): string {
  return isoTime(time).slice(0, 10);
}
