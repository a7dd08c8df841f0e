/** A picture that cannot be finished as ordered; the message says why and what to do. */
export class UnusablePicture extends Error {
  override readonly name = 'UnusablePicture';
}

/** Said by layers around the decoder: that nothing more comes, or that nothing can be written then. */
const NOISE = /^(?:source: bad seek|vips2|\s*$)/;

/** A decoder's own words, short enough for a table. */
export function decoderWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // What it warned of stands in a queue that all pictures share: it may be another's.
  if (message.startsWith('Warning treated as error')) return 'the decoder warns of damage';
  const lines = message.replace(/^Input buffer has corrupt header: /, '').split('\n');
  const words = lines.find((line) => !NOISE.test(line)) ?? 'more is announced than there is';
  return words.trim().slice(0, 200);
}
