/** Where the pieces of an upload come from: a file that can be read anywhere, or a stream that only goes on. */

/** Sent at a time: few requests, and not much to send again. */
const PIECE_BYTES = 8 * 2 ** 20;

export type UploadSource =
  | Blob
  | File
  | {
      readonly stream: AsyncIterable<Uint8Array>;
      readonly bytes: number;
      readonly name?: string;
      readonly mediaType?: string;
    };

/** Answers the piece that begins at a place. Throws `RangeError` where a stream cannot go back to. */
export function piecesOf(source: UploadSource): (offset: number) => Promise<Blob> {
  if (source instanceof Blob) {
    return (offset) => Promise.resolve(source.slice(offset, offset + PIECE_BYTES));
  }
  return piecesOfStream(source.stream);
}

function piecesOfStream(stream: AsyncIterable<Uint8Array>): (offset: number) => Promise<Blob> {
  const chunks = stream[Symbol.asyncIterator]();
  /** The last piece, until all of it is there: a broken connection may have taken a part of it. */
  let [start, piece] = [0, new Blob([])];
  return async (offset) => {
    while (offset >= start + piece.size) {
      start += piece.size;
      piece = await nextPiece(chunks);
      if (piece.size === 0) throw new RangeError(`The stream has ended before byte ${offset}.`);
    }
    if (offset >= start) return piece.slice(offset - start);
    throw new RangeError(`The upload stands at ${offset}, and the stream is beyond it.`);
  };
}

async function nextPiece(chunks: AsyncIterator<Uint8Array>): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let bytes = 0; bytes < PIECE_BYTES;) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    parts.push(new Uint8Array(value));
    bytes += value.length;
  }
  return new Blob(parts);
}
