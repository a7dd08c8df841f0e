/**
 * pg-boss on PostgreSQL: a job a row under an id that follows from the row, so that adding them again
 * adds nothing (pgboss.io/api/jobs, "insert"), retries with backoff, and a heartbeat, by which the jobs of a
 * killed process are found (pgboss.io/api/queues). It has no limiter: where a limit is told, a batch of that
 * many jobs is fetched every window (`batchSize`, `pollingIntervalSeconds`); otherwise so many at a time, without
 * a pause while there are more (`burstWhenBatchFull`). No cap: no more jobs than the money is enough for are
 * added.
 */
import { createHash } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI, { BadRequestError } from 'openai';
import { PgBoss } from 'pg-boss';
import {
  capUsd,
  concurrency,
  databaseUrl,
  imageUsd,
  limit,
  model,
  out,
  queueName,
  type Row,
  rows,
} from '../given.ts';

const LINES = 4;
const client = new OpenAI({ maxRetries: 0 });
const boss = new PgBoss({
  connectionString: databaseUrl,
  superviseIntervalSeconds: 10,
  monitorIntervalSeconds: 10,
});
boss.on('error', console.error);
await boss.start();
await boss.createQueue(queueName, { retryLimit: 5, retryBackoff: true, heartbeatSeconds: 10 });

const idOf = (row: Row) => {
  const digits = createHash('sha256').update(`${queueName} ${row.name}`).digest('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
};
const affordable = rows.slice(0, Math.floor(Math.min(rows.length, capUsd / imageUsd)));
await boss.insert(
  queueName,
  affordable.map((row) => ({ id: idOf(row), data: row })),
);

async function makeImage(row: Row): Promise<void> {
  const answer = await client.images.generate({
    model,
    prompt: row.prompt,
    size: '1024x1024',
    quality: 'medium',
  });
  await writeFile(join(out, `${row.name}.png`), Buffer.from(answer.data![0]!.b64_json!, 'base64'));
}

await boss.work<Row, unknown, { perJobResults: true }>(
  queueName,
  {
    perJobResults: true,
    ...(limit
      ? { batchSize: limit.images, pollingIntervalSeconds: limit.seconds }
      : {
          batchSize: Math.ceil(concurrency / LINES),
          localConcurrency: LINES,
          burstWhenBatchFull: true,
          pollingIntervalSeconds: 0.5,
        }),
  },
  async (jobs) =>
    Promise.all(
      jobs.map(async ({ id, data }) => {
        try {
          await makeImage(data);
          return { id, status: 'completed' };
        } catch (error) {
          const output = { error: String(error) };
          // A refused prompt would be refused again: no more attempts.
          const isRefused = error instanceof BadRequestError;
          return { id, status: isRefused ? 'deadletter' : 'failed', output };
        }
      }),
    ),
);

const ENDED = ['completed', 'failed', 'cancelled'];
for (;;) {
  const jobs = await boss.findJobs<Row>(queueName, { limit: 100_000 });
  if (jobs.every(({ state }) => ENDED.includes(state))) {
    for (const { data, output } of jobs.filter(({ state }) => state !== 'completed')) {
      const failure = { name: data.name, error: output };
      await appendFile('errors.jsonl', `${JSON.stringify(failure)}\n`);
    }
    break;
  }
  await sleep(500);
}
await boss.stop();
