/**
 * Frees the memory of bytes that nobody will read any more: whoever does finds none. Left to the garbage
 * collector, a few megabytes of them make it go through the whole heap, which takes longer than working on
 * the picture. Bytes that share their memory with others are left alone.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
