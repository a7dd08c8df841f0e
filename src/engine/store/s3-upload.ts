/**
 * Uploads a file of this machine. A large one goes in parts, a few in memory at a time, and what has
 * arrived is noted beside it: an upload that broke off goes on from there, also after a crash. (The note
 * is ours, since not every server can be asked which parts it has.)
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from '../core/errors.ts';
import { writeWhole } from '../ports/whole-file.ts';
import { inBucket, isMissing, type S3Bucket } from './s3-bucket.ts';

/** S3 takes parts of at least 5 MiB, but for the last, and at most 10,000 of them. */
const PART_BYTES = 8 * 2 ** 20;
const MOST_PARTS = 10_000;
/** Parts of one file in memory. */
const PARTS_AT_ONCE = 2;
/** An upload that the bucket has forgotten is begun anew, once. */
const MOST_BEGINNINGS = 2;

export interface UploadOrder {
  readonly key: string;
  readonly handle: FileHandle;
  readonly bytes: number;
  /** Of the object: short, plain texts. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the notes of uploads under way lie. */
  readonly notes: string;
}

/** What has arrived of a large file. */
interface UploadNote {
  readonly key: string;
  readonly sha256: string;
  readonly uploadId: string;
  /** Entity tags by number, from 1. */
  readonly parts: Record<number, string>;
}

/** The name of its hash in the metadata of an object. */
export const HASH_NAME = 'imagemill-sha256';

/** The file must not change meanwhile. */
export async function uploadFile(bucket: S3Bucket, order: UploadOrder): Promise<void> {
  if (order.bytes <= PART_BYTES) return await uploadWhole(bucket, order);
  const sha256 = await hashOf(order);
  for (let beginning = 1; ; beginning += 1) {
    try {
      return await new PartsUpload(bucket, order, sha256).run();
    } catch (error) {
      if (!isMissing(error) || beginning >= MOST_BEGINNINGS) throw error;
    }
  }
}

async function uploadWhole(bucket: S3Bucket, order: UploadOrder): Promise<void> {
  const { key, bytes, handle, metadata } = order;
  const { client, commands, name: Bucket } = bucket;
  const Body = await readPart(handle, 0, bytes, bucket.placeOf(key));
  const digest = createHash('sha256').update(Body).digest();
  const command = new commands.PutObjectCommand({
    Bucket,
    Key: key,
    Body,
    ContentLength: bytes,
    ChecksumSHA256: digest.toString('base64'),
    Metadata: { ...metadata, [HASH_NAME]: digest.toString('hex') },
  });
  await inBucket(bucket.placeOf(key), () => client.send(command));
}

class PartsUpload {
  readonly #bucket: S3Bucket;
  readonly #order: UploadOrder;
  readonly #sha256: string;
  readonly #partBytes: number;
  readonly #noteFile: string;
  #noting: Promise<void> = Promise.resolve();

  constructor(bucket: S3Bucket, order: UploadOrder, sha256: string) {
    this.#bucket = bucket;
    this.#order = order;
    this.#sha256 = sha256;
    this.#partBytes = Math.max(PART_BYTES, Math.ceil(order.bytes / MOST_PARTS));
    const name = createHash('sha256').update(order.key).digest('hex').slice(0, 32);
    this.#noteFile = join(order.notes, `${name}.json`);
  }

  async run(): Promise<void> {
    const note = (await this.#known()) ?? (await this.#begin());
    try {
      await this.#sendParts(note);
      await this.#complete(note);
    } catch (error) {
      await this.#noting;
      // The bucket knows nothing of it any more, or does not want these parts.
      if (isMissing(error) || isRefused(error)) await this.#forget();
      throw error;
    }
    await this.#forget();
  }

  async #begin(): Promise<UploadNote> {
    const { key, metadata } = this.#order;
    const { client, commands, name: Bucket } = this.#bucket;
    const command = new commands.CreateMultipartUploadCommand({
      Bucket,
      Key: key,
      Metadata: { ...metadata, [HASH_NAME]: this.#sha256 },
    });
    const { UploadId = '' } = await inBucket(this.#place, () => client.send(command));
    const note = { key, sha256: this.#sha256, uploadId: UploadId, parts: {} };
    await this.#note(note);
    return note;
  }

  /** Several at a time; what has arrived is not sent again. */
  async #sendParts(note: UploadNote): Promise<void> {
    const count = Math.ceil(this.#order.bytes / this.#partBytes);
    const waiting = Array.from({ length: count }, (_, at) => at + 1)
      .filter((number) => note.parts[number] === undefined)
      .values();
    const ends = await Promise.allSettled(
      Array.from({ length: PARTS_AT_ONCE }, async () => {
        for (const number of waiting) await this.#sendPart(note, number);
      }),
    );
    await this.#noting;
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #sendPart(note: UploadNote, number: number): Promise<void> {
    const { handle, bytes, key } = this.#order;
    const { client, commands, name: Bucket } = this.#bucket;
    const start = (number - 1) * this.#partBytes;
    const Body = await readPart(
      handle,
      start,
      Math.min(this.#partBytes, bytes - start),
      this.#place,
    );
    const command = new commands.UploadPartCommand({
      Bucket,
      Key: key,
      UploadId: note.uploadId,
      PartNumber: number,
      Body,
      ContentLength: Body.length,
      ContentMD5: createHash('md5').update(Body).digest('base64'),
    });
    const { ETag = '' } = await inBucket(this.#place, () => client.send(command));
    note.parts[number] = ETag;
    this.#noting = this.#noting.then(() => this.#note(note));
    await this.#noting;
  }

  async #complete({ uploadId, parts }: UploadNote): Promise<void> {
    const { client, commands, name: Bucket } = this.#bucket;
    const Parts = Object.entries(parts).map(([number, ETag]) => ({
      PartNumber: Number(number),
      ETag,
    }));
    const command = new commands.CompleteMultipartUploadCommand({
      Bucket,
      Key: this.#order.key,
      UploadId: uploadId,
      MultipartUpload: { Parts },
    });
    await inBucket(this.#place, () => client.send(command)).catch(async (error: unknown) => {
      // The answer may have been lost, and a second asking finds no upload any more.
      if (!(await this.#isThere())) throw error;
    });
  }

  async #isThere(): Promise<boolean> {
    const { client, commands, name: Bucket } = this.#bucket;
    const command = new commands.HeadObjectCommand({ Bucket, Key: this.#order.key });
    const found = await client.send(command).catch(() => undefined);
    return found?.Metadata?.[HASH_NAME] === this.#sha256;
  }

  get #place(): string {
    return this.#bucket.placeOf(this.#order.key);
  }

  async #known(): Promise<UploadNote | undefined> {
    const text = await readFile(this.#noteFile, 'utf8').catch(() => undefined);
    const note = text === undefined ? undefined : (JSON.parse(text) as UploadNote);
    const isSame = note?.key === this.#order.key && note.sha256 === this.#sha256;
    return isSame ? note : undefined;
  }

  /** A note that cannot be written costs nothing but the parts that are sent again. */
  async #note(note: UploadNote): Promise<void> {
    await mkdir(this.#order.notes, { recursive: true });
    await writeWhole(this.#noteFile, Buffer.from(JSON.stringify(note))).catch(() => undefined);
  }

  async #forget(): Promise<void> {
    await rm(this.#noteFile, { force: true });
  }
}

function isRefused(error: unknown): boolean {
  const { cause } = error as StorageError;
  return cause instanceof Error && cause.message.startsWith('InvalidPart');
}

async function readPart(
  handle: FileHandle,
  start: number,
  length: number,
  place: string,
): Promise<Buffer> {
  const part = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await handle.read(part, filled, length - filled, start + filled);
    if (bytesRead === 0) throw new StorageError('failed', place, new Error('the file was cut'));
    filled += bytesRead;
  }
  return part;
}

async function hashOf({ handle }: UploadOrder): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
