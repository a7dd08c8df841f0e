/** The input file of a batch, JSONL, written piece by piece: it may have gigabytes. */
import { type FileToUpload, PIECE_BYTES } from './gemini-files.ts';
import { requestBody } from './gemini-requests.ts';
import type { LaneRequest } from '../vendor.ts';

/** 2 GB, the most that Google takes. */
export const MOST_INPUT_BYTES = 2_000_000_000;

/** One line a request: `{key, request}`. The length is told before the first piece is written. */
export function batchInput(requests: readonly LaneRequest[]): FileToUpload {
  return {
    mediaType: 'application/jsonl',
    bytes: requests.reduce((sum, request) => sum + bytesOf(request), 0),
    pieces: inPieces(requests),
  };
}

const encoder = new TextEncoder();

function lineOf(request: LaneRequest): Uint8Array {
  const line = { key: request.key, request: requestBody(request) };
  return encoder.encode(`${JSON.stringify(line)}\n`);
}

/** Length of the line, without writing the pictures in it: base64 needs no escapes. */
function bytesOf(request: LaneRequest): number {
  let pictures = 0;
  const references = request.references.map((reference) => {
    if (reference.kind !== 'bytes') return reference;
    pictures += 4 * Math.ceil(reference.bytes.byteLength / 3);
    return { ...reference, bytes: new Uint8Array() };
  });
  return lineOf({ ...request, references }).byteLength + pictures;
}

function* inPieces(requests: readonly LaneRequest[]): Generator<Uint8Array> {
  let piece = new Uint8Array(PIECE_BYTES);
  let filled = 0;
  for (const request of requests) {
    const line = lineOf(request);
    for (let start = 0; start < line.byteLength;) {
      const part = line.subarray(start, start + PIECE_BYTES - filled);
      piece.set(part, filled);
      start += part.byteLength;
      filled += part.byteLength;
      if (filled < PIECE_BYTES) continue;
      yield piece;
      piece = new Uint8Array(PIECE_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
