/**
 * The procedure of OpenAI's cookbook (cookbook.openai.com/examples/how_to_handle_rate_limits, its script
 * api_request_parallel_processor.py), written anew in TypeScript: a bucket of requests and one of
 * tokens that fill up evenly, a queue of requests to repeat, at most 5 attempts, a pause of 15 seconds
 * after a rate limit error, and a tracker of what became of all. "Leave headroom by setting this to 50% or 75%
 * of your limit": 75%. Where no limit is told, its default of 1,500 a minute. Its minute is the
 * vendor's window here, and its pause shorter in proportion. It knows a rate limit error by its status. No cap:
 * the sheet is cut off where the money would end. After a kill it leaves out what has a file.
 */
import { existsSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { capUsd, imageUsd, limit, model, out, type Row, rows, windowSeconds } from '../given.ts';

const PAUSE_MS = (15_000 * windowSeconds) / 60;
const LOOP_MS = 1;
const MOST_ATTEMPTS = 5;
const MOST_REQUESTS = limit ? limit.images * 0.75 : (1500 * windowSeconds) / 60;
const MOST_TOKENS = (125_000 * windowSeconds) / 60;

interface ApiRequest {
  readonly row: Row;
  readonly tokens: number;
  attemptsLeft: number;
  readonly errors: string[];
}

const tracker = { inProgress: 0, succeeded: 0, failed: 0, rateLimited: 0, rateLimitedAt: 0 };
const retries: ApiRequest[] = [];
const fileOf = (row: Row) => join(out, `${row.name}.png`);

async function callApi(request: ApiRequest): Promise<void> {
  try {
    const answer = await fetch(`${process.env['OPENAI_BASE_URL']}/images/generations`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${process.env['OPENAI_API_KEY']}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        model,
        prompt: request.row.prompt,
        size: '1024x1024',
        quality: 'medium',
      }),
    });
    if (answer.status === 429) {
      tracker.rateLimited += 1;
      tracker.rateLimitedAt = Date.now();
    }
    const body = (await answer.json()) as { error?: object; data: { b64_json: string }[] };
    if (body.error) throw new Error(JSON.stringify(body.error));
    await writeFile(fileOf(request.row), Buffer.from(body.data[0]!.b64_json, 'base64'));
    tracker.succeeded += 1;
    tracker.inProgress -= 1;
  } catch (error) {
    request.errors.push(String(error));
    if (request.attemptsLeft > 0) retries.push(request);
    else await giveUp(request);
  }
}

async function giveUp({ row, errors }: ApiRequest): Promise<void> {
  await appendFile('errors.jsonl', `${JSON.stringify({ name: row.name, error: errors })}\n`);
  tracker.failed += 1;
  tracker.inProgress -= 1;
}

const affordable = rows.slice(0, Math.floor(Math.min(rows.length, capUsd / imageUsd)));
const unread = affordable.filter((row) => !existsSync(fileOf(row)))[Symbol.iterator]();
let next: ApiRequest | undefined;
let isFileFinished = false;
let [requests, tokens, updatedAt] = [MOST_REQUESTS, MOST_TOKENS, Date.now()];

for (;;) {
  if (next === undefined && retries.length > 0) next = retries.shift();
  else if (next === undefined && !isFileFinished) {
    const { value: row, done } = unread.next();
    isFileFinished = done === true;
    if (row) {
      const used = Math.ceil(row.prompt.length / 4);
      next = { row, tokens: used, attemptsLeft: MOST_ATTEMPTS, errors: [] };
      tracker.inProgress += 1;
    }
  }
  const now = Date.now();
  const part = (now - updatedAt) / (windowSeconds * 1000);
  requests = Math.min(requests + MOST_REQUESTS * part, MOST_REQUESTS);
  tokens = Math.min(tokens + MOST_TOKENS * part, MOST_TOKENS);
  updatedAt = now;
  if (next && requests >= 1 && tokens >= next.tokens) {
    requests -= 1;
    tokens -= next.tokens;
    next.attemptsLeft -= 1;
    void callApi(next);
    next = undefined;
  }
  if (isFileFinished && tracker.inProgress === 0) break;
  await sleep(LOOP_MS);
  const pausedMs = Date.now() - tracker.rateLimitedAt;
  if (pausedMs < PAUSE_MS) await sleep(PAUSE_MS - pausedMs);
}
if (tracker.failed > 0) console.warn(`${tracker.failed} of ${rows.length} requests failed.`);
if (tracker.rateLimited > 0) console.warn(`${tracker.rateLimited} rate limit errors.`);
