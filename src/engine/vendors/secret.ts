import { createHash } from 'node:crypto';

/**
 * A name of an account that is safe to store and show: 12 hex digits of a hash of vendor, base URL
 * and key. Limits are counted under it, so two keys are two accounts.
 */
export function accountOf(vendor: string, baseUrl: string, apiKey: string): string {
  return createHash('sha256').update(`${vendor}\n${baseUrl}\n${apiKey}`).digest('hex').slice(0, 12);
}

/** 2,000 characters: the longest words of a vendor that are kept. */
const LONGEST_WORDS = 2000;

/** A function that takes the key out of a text, in each form in which an error could repeat it. */
export function scrubber(apiKey: string): (words: string) => string {
  const forms = [apiKey, encodeURIComponent(apiKey), JSON.stringify(apiKey).slice(1, -1)];
  const secrets = [...new Set(forms)].filter((form) => form !== '');
  return (words) =>
    secrets
      .reduce((text, secret) => text.replaceAll(secret, '[key]'), words)
      .slice(0, LONGEST_WORDS);
}
