import type { KeyObject } from 'node:crypto';
import type { SigningAlgorithm } from '../../core/credentials.ts';

/** What a thread needs to sign pictures: plain data that can be posted to it. Checked before. */
export interface SigningIdentity {
  /** DER: the signer's own certificate, then its issuers, without the root. */
  readonly chain: readonly Uint8Array[];
  readonly key: KeyObject;
  readonly algorithm: SigningAlgorithm;
  /** The software that writes the claim. */
  readonly generator: Generator;
  /** PEM; so that what a signed original was worth is recorded when it is taken in. */
  readonly trustAnchors?: string;
}

export interface Generator {
  readonly name: string;
  readonly version: string;
}
