/** Content credentials (C2PA): what a signature in a picture says of it, and what we sign with. */

export const SIGNING_ALGORITHMS = [
  'es256',
  'es384',
  'es512',
  'ps256',
  'ps384',
  'ps512',
  'ed25519',
] as const;
/** C2PA 2.2, 13.2.1: ECDSA, RSA-PSS and EdDSA. */
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** What pictures are signed with, and who is trusted. All texts are PEM. */
export interface CredentialSettings {
  /** With `certificates` and `privateKey` finished files are signed. The signer's own comes first. */
  readonly certificates?: string;
  readonly privateKey?: string;
  /** Of the private key, where it is encrypted. */
  readonly passphrase?: string;
  /** Default: what the key is made for (`ps256` for RSA). */
  readonly algorithm?: SigningAlgorithm;
  /** Authorities whose word is good when credentials are verified. */
  readonly trustAnchors?: string;
}

/** Who signs. */
export interface SignerStanding {
  readonly signer: string;
  readonly issuer: string;
  readonly algorithm: SigningAlgorithm;
  /** When the certificate ends; what it signed is no longer vouched for from then on (milliseconds). */
  readonly endsAt: number;
}

/** One thing that was done to a picture, as whoever signed it claims. */
export interface CredentialAction {
  /** The standard's name of it: `c2pa.created`. */
  readonly action: string;
  /** In the signer's words. */
  readonly description?: string;
  /** The software or model that did it. */
  readonly by?: string;
  /** Of IPTC's list, its last part: `trainedAlgorithmicMedia`. */
  readonly digitalSourceType?: string;
  /** As it was written, ISO 8601. */
  readonly when?: string;
}

/** A picture that another one was made from. */
export interface CredentialIngredient {
  /** `parentOf`: it was derived from this one; `componentOf`, `inputTo`: this one is a part of it. */
  readonly relationship: string;
  readonly title?: string;
  /** MIME type. */
  readonly format?: string;
  /** Its own credentials, kept inside; absent: it had none. */
  readonly credentials?: CredentialClaims;
  /** What was wrong with its credentials when it was taken in, in plain words. */
  readonly problems: readonly string[];
}

/** What a manifest claims. Only as good as its signature. */
export interface CredentialClaims {
  /** Of the certificate: its common name, or its organization. */
  readonly signer?: string;
  /** Who made the certificate out. */
  readonly issuer?: string;
  /** ISO 8601; only where a timestamp authority vouches for it. */
  readonly signedAt?: string;
  /** When the certificate ends, ISO 8601. */
  readonly certificateEndsAt?: string;
  /** Software that wrote the claim: `Imagemill 0.1.0`. */
  readonly generator?: string;
  readonly actions: readonly CredentialAction[];
  readonly ingredients: readonly CredentialIngredient[];
}

export type CredentialsReport =
  /** It carries none. `elsewhere`: it names an address at which some may be (never asked here). */
  | { readonly kind: 'none'; readonly elsewhere?: string }
  | (CredentialClaims & {
      /**
       * `valid`: intact, signed by somebody who is trusted. `untrusted`: intact, but nobody that is
       * trusted vouches for the signer. `broken`: the picture or its credentials were changed.
       */
      readonly kind: 'valid' | 'untrusted' | 'broken';
      /** How the picture came to be, of IPTC's list: its own `c2pa.created`, or its parent's. */
      readonly digitalSourceType?: string;
      /** In plain words; none when it is valid. */
      readonly problems: readonly string[];
    });
