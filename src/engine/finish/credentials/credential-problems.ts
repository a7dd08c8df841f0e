/** What is wrong with credentials, in plain words, from the standard's status codes (C2PA 2.2, 15.2). */

const WORDS: Readonly<Record<string, string>> = {
  'signingCredential.untrusted': 'No authority that is trusted here vouches for the signer',
  'signingCredential.invalid': 'The certificate is not fit for content credentials',
  'signingCredential.expired':
    'The certificate has expired, and no timestamp shows that it was valid when it signed',
  'signingCredential.revoked': 'The certificate was revoked',
  'signingCredential.ocsp.revoked': 'The certificate was revoked',
  'signingCredential.ocsp.unknown': 'The authority does not know the certificate',
  'claimSignature.mismatch': 'The signature does not fit what it signs: one of them was changed',
  'claimSignature.missing': 'The signature is missing',
  'claimSignature.outsideValidity': 'It was signed when the certificate was not valid',
  'claim.missing': 'The claim is missing',
  'assertion.dataHash.mismatch': 'The picture was changed after it was signed',
  'assertion.bmffHash.mismatch': 'The picture was changed after it was signed',
  'assertion.boxesHash.mismatch': 'The picture was changed after it was signed',
  'assertion.collectionHash.mismatch': 'The picture was changed after it was signed',
  'assertion.hashedURI.mismatch': 'What the credentials say was changed after it was signed',
  'assertion.missing': 'A part of what the credentials say is missing',
  'ingredient.manifest.mismatch':
    'The credentials of the picture that it was made from were changed',
  'ingredient.manifest.missing': 'The credentials of the picture that it was made from are missing',
  'timeStamp.mismatch': 'The timestamp is of something else',
};

/** Each problem once. */
export function wordsOfFailures(codes: readonly string[]): string[] {
  return [...new Set(codes.map((code) => WORDS[code] ?? `The credentials do not hold (${code})`))];
}

/** Intact, but for who signed it: everything else means that something was changed. */
export function isOnlyDistrust(codes: readonly string[]): boolean {
  return codes.every((code) => code.startsWith('signingCredential.'));
}
