/** Reads certificates and a key as the configuration gives them. No text of a key gets into a problem. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { CredentialSettings, SigningAlgorithm } from '../../core/credentials.ts';
import type { Problem } from '../../core/errors.ts';

export interface ReadCredentials {
  /** In the file's order; empty where there are none to be read. */
  readonly chain: readonly X509Certificate[];
  readonly key?: KeyObject;
  readonly algorithm?: SigningAlgorithm;
}

/** What can be read of the settings; what cannot is added to `problems`. */
export function readCredentials(
  { certificates, privateKey, passphrase, algorithm, trustAnchors }: CredentialSettings,
  problems: Problem[],
): ReadCredentials {
  const chain =
    certificates === undefined ? [] : readCertificates(certificates, 'certificate', problems);
  if (trustAnchors !== undefined) readCertificates(trustAnchors, 'trust', problems);
  const key = privateKey === undefined ? undefined : readKey(privateKey, passphrase, problems);
  const chosen = key && chooseAlgorithm(key, algorithm, problems);
  return {
    chain,
    ...(key !== undefined && { key }),
    ...(chosen !== undefined && { algorithm: chosen }),
  };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function readCertificates(
  text: string,
  setting: 'certificate' | 'trust',
  problems: Problem[],
): X509Certificate[] {
  const column = `credentials.${setting}`;
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) {
    problems.push({
      column,
      message: 'The file holds no certificate',
      remedy:
        'Give certificates as text (PEM, -----BEGIN CERTIFICATE-----); `openssl x509 -inform der -in FILE` turns a binary one into text.',
    });
  }
  return blocks.flatMap((block, at) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      problems.push({
        column,
        message: `Certificate ${at + 1} of the file cannot be read`,
        remedy: 'Export it again; it may have been cut off.',
      });
      return [];
    }
  });
}

function readKey(
  text: string,
  passphrase: string | undefined,
  problems: Problem[],
): KeyObject | undefined {
  try {
    return createPrivateKey({
      key: text,
      format: 'pem',
      // Without one, OpenSSL would ask for it at the terminal.
      passphrase: passphrase ?? '',
    });
  } catch {
    problems.push(unreadableKey(text, passphrase));
    return undefined;
  }
}

/** OpenSSL's own words could quote the text. */
function unreadableKey(text: string, passphrase: string | undefined): Problem {
  const column = 'credentials.private_key';
  const isEncrypted = /ENCRYPTED/.test(text);
  if (isEncrypted && passphrase === undefined) {
    return {
      column,
      message: 'The private key is encrypted, and its passphrase is not given',
      remedy:
        'Put the passphrase into an environment variable and name it: passphrase_variable: MY_KEY_PASSPHRASE.',
    };
  }
  if (isEncrypted) {
    return {
      column,
      message: 'The passphrase does not open the private key',
      remedy: 'Correct the variable that passphrase_variable names.',
    };
  }
  return {
    column,
    message: 'This is no private key',
    remedy:
      'Give the key as text (PEM): -----BEGIN PRIVATE KEY-----, EC PRIVATE KEY or RSA PRIVATE KEY.',
  };
}

const CURVES: Readonly<Record<string, SigningAlgorithm>> = {
  prime256v1: 'es256',
  secp384r1: 'es384',
  secp521r1: 'es512',
};
const RSA = ['ps256', 'ps384', 'ps512'] as const;
/** C2PA 2.2, 14.5.1. */
const LEAST_RSA_BITS = 2048;

/** What a key can sign with, the usual one first; none: it is not fit for content credentials. */
function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm[] {
  switch (asymmetricKeyType) {
    case 'ed25519':
      return ['ed25519'];
    case 'ec': {
      const algorithm = CURVES[asymmetricKeyDetails?.namedCurve ?? ''];
      return algorithm === undefined ? [] : [algorithm];
    }
    case 'rsa':
    case 'rsa-pss': {
      if ((asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_RSA_BITS) return [];
      const hash = asymmetricKeyDetails?.hashAlgorithm;
      return RSA.filter((each) => hash === undefined || hash === `sha${each.slice(2)}`);
    }
    default:
      return [];
  }
}

function chooseAlgorithm(
  key: KeyObject,
  wanted: SigningAlgorithm | undefined,
  problems: Problem[],
): SigningAlgorithm | undefined {
  const [usual, ...others] = algorithmsOf(key);
  if (usual === undefined) {
    problems.push({
      column: 'credentials.private_key',
      message: 'Content credentials cannot be signed with a key of this kind',
      remedy: `Use a key of P-256, P-384, P-521 or Ed25519, or of RSA with ${LEAST_RSA_BITS} bits or more.`,
    });
    return undefined;
  }
  const known = [usual, ...others];
  const chosen = wanted === undefined ? usual : known.find((each) => each === wanted);
  if (chosen !== undefined) return chosen;
  problems.push({
    column: 'credentials.algorithm',
    ...(wanted !== undefined && { value: wanted }),
    message: 'The private key is not made for this algorithm',
    remedy: `Write ${known.join(' or ')}, or leave it out.`,
  });
  return undefined;
}
