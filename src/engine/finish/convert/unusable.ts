/** A picture that cannot be finished as ordered; the message says why and what to do. */
export class UnusablePicture extends Error {
  override readonly name = 'UnusablePicture';
}

/** A decoder's own words, short enough for a table. */
export function decoderWords(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return (words.split('\n')[0] ?? '').slice(0, 200);
}
