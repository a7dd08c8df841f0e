/**
 * BullMQ on Redis: a job a row, added in bulk under the row's own id, so that adding them again adds
 * nothing (docs.bullmq.io/guide/jobs/job-ids), the worker's `limiter` (docs.bullmq.io/guide/rate-limiting), attempts with
 * exponential backoff (docs.bullmq.io/guide/retrying-failing-jobs), and a pause for all when the vendor answers 429 ("manual
 * rate limit"). A refused prompt is an `UnrecoverableError`. After a kill it is started again: what was
 * active counts as stalled after its lock of 30 seconds, and is done again. No cap: no more jobs than
 * the money is enough for are added.
 */
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import OpenAI, { BadRequestError, RateLimitError } from 'openai';
import {
  capUsd,
  concurrency,
  imageUsd,
  limit,
  model,
  out,
  queueName,
  redisUrl,
  type Row,
  rows,
} from '../given.ts';

const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
// One layer of retries only: the queue's.
const client = new OpenAI({ maxRetries: 0 });
const queue = new Queue<Row>(queueName, { connection });

const affordable = rows.slice(0, Math.floor(Math.min(rows.length, capUsd / imageUsd)));
await queue.addBulk(
  affordable.map((row) => ({
    name: 'image',
    data: row,
    opts: { jobId: row.name, attempts: 6, backoff: { type: 'exponential', delay: 1000 } },
  })),
);

const worker = new Worker<Row>(
  queueName,
  async ({ data: row }) => {
    try {
      const answer = await client.images.generate({
        model,
        prompt: row.prompt,
        size: '1024x1024',
        quality: 'medium',
      });
      await writeFile(
        join(out, `${row.name}.png`),
        Buffer.from(answer.data![0]!.b64_json!, 'base64'),
      );
    } catch (error) {
      if (error instanceof BadRequestError) throw new UnrecoverableError(error.message);
      if (!(error instanceof RateLimitError)) throw error;
      await worker.rateLimit(Number(error.headers.get('retry-after-ms') ?? 1000));
      throw Worker.RateLimitError();
    }
  },
  {
    connection,
    concurrency: limit ? limit.images : concurrency,
    ...(limit && { limiter: { max: limit.images, duration: limit.seconds * 1000 } }),
  },
);
worker.on('error', console.error);

const isBusy = async () => {
  const { active, delayed, waiting } = await queue.getJobCounts('active', 'delayed', 'waiting');
  return active! + delayed! + waiting! > 0;
};
while (await isBusy()) await sleep(200);
for (const job of await queue.getFailed()) {
  const failure = { name: job.data.name, error: job.failedReason };
  await appendFile('errors.jsonl', `${JSON.stringify(failure)}\n`);
}
await worker.close();
await queue.close();
connection.disconnect();
