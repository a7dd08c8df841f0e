import type { Reference } from './vendor.ts';

/**
 * The address of a reference that is not sent as bytes, for vendors that take one address field. What
 * a vendor keeps is named by `handle`, which is only ever given out by its own `uploadReference`.
 */
export function addressOf(reference: Exclude<Reference, { kind: 'bytes' }>): string {
  return reference.kind === 'url' ? reference.url : reference.handle;
}
