/**
 * The official client with p-queue (github.com/sindresorhus/p-queue): `intervalCap` images in any
 * `interval`, `strict`, which is its sliding window "for an API that enforces strict rate limits";
 * where no limit is told, so many at a time. The client retries by itself with exponential backoff
 * (github.com/openai/openai-node, "Retries"), here up to 5 times. No cap in either: the sheet is cut off where
 * the money would end. After a kill it is started again, and leaves out what has a file.
 */
import { existsSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI from 'openai';
import PQueue from 'p-queue';
import { capUsd, concurrency, imageUsd, limit, model, out, type Row, rows } from '../given.ts';

const client = new OpenAI({ maxRetries: 5 });
const queue = new PQueue(
  limit
    ? { intervalCap: limit.images, interval: limit.seconds * 1000, strict: true }
    : { concurrency },
);
const fileOf = (row: Row) => join(out, `${row.name}.png`);
const affordable = rows.slice(0, Math.floor(Math.min(rows.length, capUsd / imageUsd)));
const missing = affordable.filter((row) => !existsSync(fileOf(row)));

await queue.addAll(
  missing.map((row) => async () => {
    try {
      const answer = await client.images.generate({
        model,
        prompt: row.prompt,
        size: '1024x1024',
        quality: 'medium',
      });
      await writeFile(fileOf(row), Buffer.from(answer.data![0]!.b64_json!, 'base64'));
    } catch (error) {
      await appendFile(
        'errors.jsonl',
        `${JSON.stringify({ name: row.name, error: String(error) })}\n`,
      );
    }
  }),
);
