/** Pieces of uploads as objects of a bucket, so that any server can take the next one. */
import type { S3Bucket } from './s3-bucket.ts';
import { inBucket } from './s3-bucket.ts';

/** Objects that are listed and removed in one go: as many as S3 lists. */
const PAGE = 1_000;

export interface UploadPieces {
  /** Durable once it resolves. */
  put(path: string, bytes: Uint8Array): Promise<void>;
  read(path: string): AsyncIterable<Uint8Array>;
  /** Also what a server that died had not entered. */
  removeAll(folder: string): Promise<void>;
}

export function bucketPieces(bucket: S3Bucket): UploadPieces {
  const { client, commands, name, prefix } = bucket;
  const { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } =
    commands;
  const keyOf = (path: string) => `${prefix}uploads/${path}`;
  const placeOf = (key: string) => bucket.placeOf(key);
  return {
    put: async (path, bytes) => {
      const Key = keyOf(path);
      const order = { Bucket: name, Key, Body: bytes, ContentLength: bytes.length };
      await inBucket(placeOf(Key), () => client.send(new PutObjectCommand(order)));
    },
    read: async function* (path) {
      const Key = keyOf(path);
      const answer = await inBucket(placeOf(Key), () =>
        client.send(new GetObjectCommand({ Bucket: name, Key })),
      );
      yield* answer.Body as unknown as AsyncIterable<Uint8Array>;
    },
    removeAll: async (folder) => {
      const Prefix = `${keyOf(folder)}/`;
      for (let isMore = true; isMore;) {
        const list = new ListObjectsV2Command({ Bucket: name, Prefix, MaxKeys: PAGE });
        const page = await inBucket(placeOf(Prefix), () => client.send(list));
        for (const { Key } of page.Contents ?? []) {
          const remove = new DeleteObjectCommand({ Bucket: name, Key: Key! });
          await inBucket(placeOf(Key!), () => client.send(remove));
        }
        isMore = page.IsTruncated === true;
      }
    },
  };
}
