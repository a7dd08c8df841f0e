/** Machines that share a database and a bucket, and nothing else: each has an empty home of its own. */
import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toFile } from 'openai';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { simulate } from '../../simulators/index.ts';
import { imagemill } from '../support/imagemill.ts';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { paintPicture } from '../support/pictures.ts';
import { s3Front } from '../support/s3-front.ts';
import { S3_CREDENTIALS, s3Server } from '../support/s3-server.ts';
import { startServe } from '../support/serve-process.ts';
import { itemsOf, newRun, seenRun, untilRun } from '../support/service-run.ts';
import { postgresHome } from '../support/stores.ts';
import { officialClient } from './openai/clients.ts';

type Call = LiveServer['call'];

beforeEach(() => {
  for (const [name, value] of Object.entries(S3_CREDENTIALS)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
});

interface Fetched {
  readonly status: number;
  readonly type: string | null;
  readonly sha256: string;
}

async function fetched(call: Call, path: string): Promise<Fetched> {
  const answer = await call('GET', path);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

async function json<Answer>(call: Call, path: string): Promise<Answer> {
  const answer = await call('GET', path);
  expect(answer.status, path).toBe(200);
  return (await answer.json()) as Answer;
}

async function pictureForm(job: object, count: number): Promise<FormData> {
  const form = new FormData();
  form.append('job', JSON.stringify(job));
  for (let number = 1; number <= count; number += 1) {
    const bytes = new Uint8Array(await paintPicture(40 + number, 40));
    form.append('pictures', new Blob([bytes], { type: 'image/png' }), `picture ${number}.png`);
  }
  return form;
}

interface SeenJob {
  readonly job: string;
  readonly state: string;
  readonly pictures: { readonly done: number; readonly waiting: number };
}

async function newJob(call: Call, body: unknown): Promise<string> {
  const answer = await call('POST', '/v1/jobs', { body });
  const made = (await answer.json()) as SeenJob;
  expect(answer.status, JSON.stringify(made)).toBe(201);
  return made.job;
}

async function untilJob(call: Call, job: string): Promise<void> {
  await expect
    .poll(async () => (await json<SeenJob>(call, `/v1/jobs/${job}`)).state, { timeout: 60_000 })
    .toBe('done');
}

/** It goes after the servers that use it. */
async function ownDatabase() {
  const postgres = await postgresHome();
  onTestFinished(() => postgres[Symbol.asyncDispose]());
  return postgres;
}

/** The manifest is written once the run is done. */
async function manifestOf(call: Call, run: string, files: number): Promise<Manifest> {
  const path = `/v1/runs/${run}/manifest`;
  await expect
    .poll(async () => (await json<Manifest>(call, path)).files, { timeout: 20_000 })
    .toHaveLength(files);
  return await json<Manifest>(call, path);
}

/** Where a bucket's objects lie, with when they were put. */
async function objectTimes(folder: string): Promise<ReadonlyMap<string, number>> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const objects = names.filter((name) => name.endsWith('_object'));
  return new Map(
    await Promise.all(
      objects.map(async (name) => [name, (await stat(join(folder, name))).mtimeMs] as const),
    ),
  );
}

describe('another machine with the same database and bucket', () => {
  test('answers for everything that the first one made, whose home is gone', async () => {
    const postgres = await ownDatabase();
    const s3 = await s3Server();
    const shared = { databaseUrl: postgres.address, s3 };
    const one = await liveServer(shared);
    const run = await newRun(one.call, {
      prompts: ['a red boat', 'a blue boat', 'a green boat'],
      settings: { models: ['demo'], size: '128x128', finish: 'upscale 2x; webp 80' },
    });
    await untilRun(one.call, run);
    await manifestOf(one.call, run, 3);
    await untilThere(one.call, `/v1/runs/${run}/contact-page`);
    const exported = await newExport(one.call, run);
    const job = await newJob(one.call, await pictureForm({ kind: 'convert', format: 'webp' }, 3));
    await untilJob(one.call, job);
    const check = await newJob(one.call, { kind: 'check', run });
    await untilJob(one.call, check);
    const client = officialClient(one);
    const line = {
      custom_id: 'one',
      method: 'POST',
      url: '/v1/images/generations',
      body: { model: 'demo', prompt: 'a red boat' },
    };
    const upload = await client.files.create({
      file: await toFile(Buffer.from(`${JSON.stringify(line)}\n`), 'batch.jsonl'),
      purpose: 'batch',
    });
    const output = await batchOutput(client, upload.id);

    const page = await one.call('GET', `/v1/runs/${run}/contact-page`, { redirect: 'manual' });
    const files = await json<{ files: { name: string }[] }>(one.call, exported);
    const paths = [
      ...['results.csv', 'manifest', 'contact-sheet'].map((name) => `/v1/runs/${run}/${name}`),
      new URL(page.headers.get('location')!, `http://x/v1/runs/${run}/contact-page`).pathname,
      ...(await pageFiles(one, run)),
      ...(await itemsOf(one.call, run)).flatMap(({ links }) => Object.values(links).map(pathOf)),
      ...files.files.map(({ name }) => `${exported}/files/${name}`),
      `/v1/jobs/${job}/zip`,
      ...[1, 2, 3].flatMap((number) => [
        `/v1/jobs/${job}/files/${number}/content`,
        `/v1/jobs/${job}/files/${number}/thumbnail?of=source&width=32`,
        `/v1/jobs/${job}/files/${number}/thumbnail?of=result&width=32`,
      ]),
      `/v1/jobs/${check}/findings`,
      ...[upload.id, output].map((file) => `/openai/v1/files/${file}/content`),
    ];
    expect(paths.length).toBeGreaterThan(25);
    const before = await Promise.all(paths.map((path) => fetched(one.call, path)));
    for (const [at, { status }] of before.entries()) expect(status, paths[at]).toBe(200);
    await one.stop();
    await rm(one.home, { recursive: true });

    const other = await liveServer(shared);
    const call: Call = (method, path, options) =>
      other.call(method, path, { key: one.secret, ...options });
    const after = await Promise.all(paths.map((path) => fetched(call, path)));
    const differing = paths.filter((path, at) => {
      // Times of the archive's making are in it.
      const isSame = JSON.stringify(after[at]) === JSON.stringify(before[at]);
      return !isSame;
    });
    expect(differing).toEqual([]);
    expect(await json<{ data: unknown[] }>(call, `/v1/runs/${run}/exports`)).toMatchObject({
      data: [{ state: 'done' }],
    });

    const kept = officialClient({ url: other.url, secret: one.secret }).files;
    for (const file of [upload.id, output]) await kept.delete(file);
    expect(await readdir(join(s3.folder, 'home'))).not.toContain('files');
  });

  test('finishes what the first one began and left: nothing is made twice, nothing is lost', async () => {
    const postgres = await ownDatabase();
    const s3 = await s3Server();
    const simulation = await simulate({ latencyMs: [50, 300] });
    onTestFinished(() => simulation.close());
    const environment = {
      ...simulation.environment,
      ...S3_CREDENTIALS,
      DATABASE_URL: postgres.address,
      IMAGEMILL_S3_BUCKET: s3.bucket,
      IMAGEMILL_S3_ENDPOINT: s3.endpoint,
    };
    const machines = [await imagemill(environment), await imagemill(environment)] as const;
    const first = await startServe(machines[0]);
    const run = await newRun(first.call, {
      prompts: Array.from({ length: IMAGES }, (_, at) => `a red boat, number ${at + 1}`),
      settings: { models: ['kling-v3'] },
    });
    const job = await newJob(
      first.call,
      await pictureForm({ kind: 'upscale', factor: 4 }, PICTURES),
    );
    await expect
      .poll(
        async () => {
          const { items } = await seenRun(first.call, run);
          const { pictures } = await json<SeenJob>(first.call, `/v1/jobs/${job}`);
          return items['delivered']! >= IMAGES / 3 && pictures.done >= PICTURES / 4;
        },
        { timeout: 60_000, interval: 20 },
      )
      .toBe(true);
    first.signal('SIGKILL');
    await first.ended;
    await rm(join(machines[0].folder, 'home'), { recursive: true });
    const outs = [`runs/${run}/out`, `jobs/${job}/out`].map((out) =>
      join(s3.folder, 'home', ...out.split('/')),
    );
    const [runBefore, jobBefore] = await Promise.all(outs.map(objectTimes));

    const second = await startServe(machines[1]);
    const call: Call = (method, path, options) =>
      second.call(method, path, { key: first.key, ...options });
    await untilRun(call, run);
    await untilJob(call, job);
    const { items } = await seenRun(call, run);
    expect(items['delivered']).toBe(IMAGES);
    expect(simulation.kling.bill.images).toBe(IMAGES);

    const manifest = await manifestOf(call, run, IMAGES);
    expect(new Set(manifest.files.map(({ file }) => file)).size).toBe(IMAGES);
    for (const { file, sha256 } of manifest.files) {
      const answer = await fetched(call, `/v1/runs/${run}/files/${encodeURIComponent(file)}`);
      expect(answer, file).toMatchObject({ status: 200, sha256 });
    }
    const { pictures } = await json<SeenJob>(call, `/v1/jobs/${job}`);
    expect(pictures).toMatchObject({ done: PICTURES, failed: 0 });
    for (let number = 1; number <= PICTURES; number += 1) {
      expect((await fetched(call, `/v1/jobs/${job}/files/${number}/content`)).status).toBe(200);
    }
    const [runAfter, jobAfter] = await Promise.all(outs.map(objectTimes));
    expect(madeAgain(jobBefore!, jobAfter!)).toBeLessThanOrEqual(IN_FLIGHT);
    const pictureNames = (name: string) => name.endsWith('.png._S3rver_object');
    expect(madeAgain(runBefore!, runAfter!, pictureNames)).toBeLessThanOrEqual(NOT_WRITTEN_DOWN);
    second.signal('SIGTERM');
    await second.ended;
  }, 120_000);

  test('delivers a run whole though the bucket is busy, cuts bodies and loses answers', async () => {
    const s3 = await s3Server();
    const front = await s3Front(s3.endpoint);
    const postgres = await ownDatabase();
    const server = await liveServer({
      databaseUrl: postgres.address,
      s3: { ...s3, endpoint: front.url },
    });
    let calls = 0;
    front.fault = ({ method }) => {
      calls += 1;
      if (calls % 10 === 0) return 'busy';
      if (calls % 17 === 0) return method === 'GET' ? 'cut' : 'lost';
      return calls % 29 === 0 && method === 'PUT' ? 'half-sent' : undefined;
    };
    const prompts = Array.from({ length: 12 }, (_, at) => `a red boat, number ${at + 1}`);
    const run = await newRun(server.call, { prompts });
    await untilRun(server.call, run);
    const manifest = await manifestOf(server.call, run, 12);
    await server.engine.keeper.ended(run);
    front.fault = () => undefined;
    await rm(join(server.home, 'runs', run), { recursive: true });
    for (const { file, sha256 } of manifest.files) {
      const answer = await fetched(
        server.call,
        `/v1/runs/${run}/files/${encodeURIComponent(file)}`,
      );
      expect(answer, file).toMatchObject({ status: 200, sha256 });
    }
  });

  test('tries a job again whose bucket was away, and fails none for it', async () => {
    const s3 = await s3Server();
    const front = await s3Front(s3.endpoint);
    const postgres = await ownDatabase();
    const settings = { ...s3, endpoint: front.url };
    const { call } = await liveServer({ databaseUrl: postgres.address, s3: settings });
    // Whatever is made cannot be kept, for several times as often as a call is repeated.
    let refused = 0;
    front.fault = ({ method, url }) => {
      if (method !== 'PUT' || !url.includes('/out/') || refused >= 24) return undefined;
      refused += 1;
      return 'busy';
    };
    const job = await newJob(call, await pictureForm({ kind: 'convert', format: 'webp' }, 3));
    await untilJob(call, job);
    expect(refused).toBe(24);
    expect(await json<SeenJob>(call, `/v1/jobs/${job}`)).toMatchObject({
      pictures: { done: 3, failed: 0 },
    });
  }, 60_000);
});

const IMAGES = 30;
const PICTURES = 24;
/** Pictures of a job that are under way at a time, and those of a run that are delivered and not yet written down. */
const IN_FLIGHT = 16;
const NOT_WRITTEN_DOWN = 24;

interface Manifest {
  readonly files: readonly { readonly file: string; readonly sha256: string }[];
}

function madeAgain(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  counts: (name: string) => boolean = () => true,
): number {
  expect([...before.keys()].filter((name) => !after.has(name))).toEqual([]);
  return [...before].filter(([name, at]) => counts(name) && after.get(name) !== at).length;
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

async function untilThere(call: Call, path: string): Promise<void> {
  const status = async () => (await call('GET', path)).status;
  await expect.poll(status, { timeout: 20_000 }).toBe(200);
}

/** The path of an export that is made. */
async function newExport(call: Call, run: string): Promise<string> {
  const body = { as: 'zip' };
  const answer = await call('POST', `/v1/runs/${run}/exports`, { body });
  const { export: id } = (await answer.json()) as { export: string };
  const path = `/v1/runs/${run}/exports/${id}`;
  await expect
    .poll(async () => (await json<{ state: string }>(call, path)).state, { timeout: 30_000 })
    .toBe('done');
  return path;
}

/** The file that a batch of this file came to. */
async function batchOutput(client: ReturnType<typeof officialClient>, file: string) {
  const { id } = await client.batches.create({
    input_file_id: file,
    endpoint: '/v1/images/generations',
    completion_window: '24h',
  });
  const batch = () => client.batches.retrieve(id);
  await expect.poll(async () => (await batch()).status, { timeout: 30_000 }).toBe('completed');
  return (await batch()).output_file_id!;
}

/** What lies beside the contact page: its thumbnails and items. */
async function pageFiles({ home }: LiveServer, run: string): Promise<string[]> {
  const folder = join(home, 'runs', run, 'out', 'contact-sheet');
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => `/v1/runs/${run}/files/contact-sheet/${name}`);
}
