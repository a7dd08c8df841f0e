/**
 * Uploads as pieces in the bucket, each an object and a row: any server takes the next piece, a writer that was
 * overtaken enters nothing, and what was answered for is never read back to be written again.
 */
import type { Readable } from 'node:stream';
import { DataStore, ERRORS, type Upload } from '@tus/server';
import type { Uploads } from '../../engine/engine-types.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { overtaken, type UploadLocker } from './upload-locker.ts';
import { EXTENSIONS, rowOf, tusUpload } from './upload-rows.ts';

/** Held in memory by each request that writes. */
const PIECE_BYTES = 4 * 2 ** 20;

export class BucketUploads extends DataStore {
  override extensions = EXTENSIONS;
  readonly #uploads: Uploads;
  readonly #locker: UploadLocker;

  constructor(uploads: Uploads, locker: UploadLocker) {
    super();
    this.#uploads = uploads;
    this.#locker = locker;
  }

  /** Its row is there already. */
  override create(upload: Upload): Promise<Upload> {
    return Promise.resolve(upload);
  }

  override async getUpload(id: string): Promise<Upload> {
    const row = await rowOf(this.#uploads, id);
    if (row.usedBy !== undefined) throw ERRORS.FILE_NO_LONGER_EXISTS;
    return tusUpload(row, row.pieceBytes);
  }

  /** What has come stays when the connection breaks. */
  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const gathered = new GatheredPiece();
    let end = offset;
    const put = async () => {
      const bytes = gathered.take();
      if (bytes.length === 0) return;
      await this.#append(id, end, bytes);
      end += bytes.length;
    };
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        for (const part of gathered.parts(chunk)) {
          gathered.add(part);
          if (gathered.isFull) await put();
        }
      }
    } finally {
      await put();
    }
    return end;
  }

  override async remove(id: string): Promise<void> {
    await this.#uploads.remove({ id });
  }

  async #append(id: string, offset: number, bytes: Uint8Array): Promise<void> {
    const held = this.#locker.heldOf(id);
    const outcome = await this.#uploads.append(id, held.holder, offset, bytes);
    if (outcome === 'lost') throw overtaken();
    if (outcome === 'added') return;
    throw new ProblemError(
      'too-large',
      'The upload has come in too many small pieces. Begin it again with pieces of some MiB.',
    );
  }
}

/** Chunks as they come, until they are a piece. */
class GatheredPiece {
  #chunks: Buffer[] = [];
  #bytes = 0;

  get isFull(): boolean {
    return this.#bytes >= PIECE_BYTES;
  }

  /** A chunk cut where a piece ends. */
  *parts(chunk: Buffer): Generator<Buffer> {
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + PIECE_BYTES - this.#bytes);
      from += part.length;
      yield part;
    }
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  take(): Uint8Array {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    return bytes;
  }
}
