import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import yauzl from 'yauzl';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { paintPicture } from '../support/pictures.ts';

interface Job {
  readonly job: string;
  readonly state: string;
  readonly progress: number;
  readonly pictures: { readonly done: number; readonly failed: number; readonly waiting: number };
}

interface JobFile {
  readonly number: number;
  readonly source: string;
  readonly state: string;
  readonly outputs: readonly {
    readonly file: string;
    readonly width: number;
    readonly bytes: number;
    readonly url: string;
  }[];
}

interface Page<Entry> {
  readonly data: Entry[];
  readonly next: string | null;
}

async function picture(width: number): Promise<Blob> {
  return new Blob([new Uint8Array(await paintPicture(width, width))], { type: 'image/png' });
}

async function form(job: object, names: readonly string[]): Promise<FormData> {
  const body = new FormData();
  body.append('job', JSON.stringify(job));
  for (const [place, name] of names.entries())
    body.append('pictures', await picture(48 + place), name);
  return body;
}

async function madeBy({ call }: LiveServer, body: unknown, key?: string): Promise<Job> {
  const answer = await call('POST', '/v1/jobs', { body, ...(key !== undefined && { key }) });
  expect(
    await answer
      .clone()
      .text()
      .then((text) => (answer.status === 201 ? '' : text)),
  ).toBe('');
  return (await answer.json()) as Job;
}

async function read<Answer>({ call }: LiveServer, path: string): Promise<Answer> {
  const answer = await call('GET', path);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer;
}

const ended = (server: LiveServer, { job }: Job) =>
  expect
    .poll(() => read<Job>(server, `/v1/jobs/${job}`), { timeout: 30_000 })
    .toMatchObject({ state: expect.stringMatching(/done|failed|cancelled/) as string });

test('uploaded pictures are converted in the background, and fetched one by one or as a ZIP', async () => {
  const server = await liveServer();
  const { call, home } = server;
  const job = await madeBy(
    server,
    await form(
      { kind: 'convert', format: 'webp', sizes: [{ size: '32x32' }, { name: 'tiny', size: '8x' }] },
      ['one.png', '../../two.png', 'one.png'],
    ),
  );
  expect(job).toMatchObject({ kind: 'convert', state: 'waiting', run: null });
  await ended(server, job);
  expect(await read(server, `/v1/jobs/${job.job}`)).toMatchObject({
    state: 'done',
    progress: 1,
    pictures: { done: 3, failed: 0, waiting: 0 },
    request: { kind: 'convert', format: 'webp' },
  });
  const first = await read<Page<JobFile>>(server, `/v1/jobs/${job.job}/files?limit=2`);
  const rest = await read<Page<JobFile>>(server, `/v1/jobs/${job.job}/files?after=${first.next}`);
  expect(rest.next).toBeNull();
  const files = [...first.data, ...rest.data];
  expect(files.map(({ source }) => source).toSorted()).toEqual(['one-2.png', 'one.png', 'two.png']);
  expect(JSON.stringify([job, files])).not.toContain(home);
  const [output] = files[0]!.outputs;
  const whole = await call('GET', output!.url);
  expect(whole.headers.get('content-type')).toBe('image/webp');
  const bytes = new Uint8Array(await whole.arrayBuffer());
  expect(bytes).toHaveLength(output!.bytes);
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 32 });
  const etag = whole.headers.get('etag')!;
  expect((await call('GET', output!.url, { headers: { 'if-none-match': etag } })).status).toBe(304);
  const part = await call('GET', output!.url, { headers: { range: 'bytes=10-19' } });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe(`bytes 10-19/${bytes.length}`);
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(10, 20));
  const beyond = await call('GET', output!.url, { headers: { range: 'bytes=999999-' } });
  expect(beyond.status).toBe(416);
  expect(await beyond.json()).toMatchObject({ code: 'range-not-satisfiable' });
  const zip = await call('GET', `/v1/jobs/${job.job}/zip`);
  expect(zip.headers.get('content-type')).toBe('application/zip');
  const packed = await unpacked(new Uint8Array(await zip.arrayBuffer()));
  expect([...packed.keys()].toSorted()).toEqual(
    files.flatMap(({ outputs }) => outputs.map(({ file }) => file)).toSorted(),
  );
  expect(packed.get(output!.file)).toEqual(Buffer.from(bytes));
  // Nothing was written beside the job's own folder.
  expect(await readdir(join(home, 'jobs'))).toEqual([job.job]);
});

test('a run of the workspace is enlarged, and its findings are told', async () => {
  const server = await liveServer();
  const { call } = server;
  const made = await call('POST', '/v1/batches', {
    body: { model: 'demo', prompts: ['a red boat', 'a blue boat'], size: '256x256' },
  });
  const { run } = (await made.json()) as { run: string };
  await expect
    .poll(async () => read(server, `/v1/batches/${run}`), { timeout: 20_000 })
    .toMatchObject({ state: 'done' });
  const upscale = await madeBy(server, { kind: 'upscale', method: 'lanczos', run, format: 'webp' });
  await ended(server, upscale);
  const { data } = await read<Page<JobFile>>(server, `/v1/jobs/${upscale.job}/files`);
  expect(data.map(({ outputs }) => outputs[0]!.width)).toEqual([512, 512]);
  const check = await madeBy(server, { kind: 'check', run, size: '300x300' });
  await ended(server, check);
  expect(await read(server, `/v1/jobs/${check.job}`)).toMatchObject({
    state: 'done',
    check: { pictures: 2, failed: 2, counts: { 'wrong-size': 2 } },
  });
  const findings = await read<Page<object>>(server, `/v1/jobs/${check.job}/findings?limit=1`);
  expect(findings).toMatchObject({
    data: [{ row: 1, findings: [{ kind: 'wrong-size', text: expect.any(String) as string }] }],
    next: '1',
  });
  expect((await call('GET', `/v1/jobs/${check.job}/zip`)).status).toBe(409);
  const listed = await read<Page<Job>>(server, '/v1/jobs?limit=1');
  expect(listed.data.map(({ job }) => job)).toEqual([check.job]);
  const older = await read<Page<Job>>(server, `/v1/jobs?after=${listed.next}`);
  expect(older.data.map(({ job }) => job)).toEqual([upscale.job]);
});

async function demoRun(server: LiveServer, prompts: readonly string[]): Promise<string> {
  const body = { model: 'demo', prompts, size: '256x256' };
  const { run } = (await (await server.call('POST', '/v1/batches', { body })).json()) as Batch;
  await expect
    .poll(() => read(server, `/v1/batches/${run}`), { timeout: 20_000 })
    .toMatchObject({ state: 'done' });
  return run;
}

interface Batch {
  readonly run: string;
}

test('exactly the chosen items of a run are worked on, and checked', async () => {
  const server = await liveServer();
  const { call } = server;
  const run = await demoRun(server, ['a red boat', 'a blue boat', 'a green boat']);
  const { data: all } = await read<Page<{ item: string }>>(server, `/v1/runs/${run}/items`);
  const items = [all[2]!.item, all[0]!.item];
  const job = await madeBy(server, { kind: 'convert', format: 'webp', run, items });
  await ended(server, job);
  const path = `/v1/jobs/${job.job}`;
  expect(await read(server, path)).toMatchObject({
    items: 2,
    pictures: { done: 2 },
    request: { kind: 'convert', format: 'webp', run },
  });
  const { data: files } = await read<Page<JobFile & { item: string }>>(server, `${path}/files`);
  expect(files.map(({ item }) => item)).toEqual(items.toReversed());
  for (const thumbnail of ['?of=source', '?of=result&width=96']) {
    const small = await call('GET', `${path}/files/1/thumbnail${thumbnail}`);
    expect(small.headers.get('content-type')).toBe('image/webp');
  }
  expect((await call('GET', `${path}/files/3/thumbnail`)).status).toBe(404);
  const check = await madeBy(server, { kind: 'check', run, items, size: '300x300' });
  await ended(server, check);
  expect(await read(server, `/v1/jobs/${check.job}`)).toMatchObject({
    check: { pictures: 2, counts: { 'wrong-size': 2 } },
  });
  const found = await read<Page<object>>(server, `/v1/jobs/${check.job}/findings`);
  expect(found.data).toMatchObject([
    { item: items[1], number: 1, thumbnail: expect.stringContaining('of=source') as string },
    { item: items[0], number: 2 },
  ]);
  // What was not looked at has no flags of it.
  const { data: now } = await read<Page<{ flags: object[] }>>(server, `/v1/runs/${run}/items`);
  expect(now.map(({ flags }) => flags.length)).toEqual([1, 0, 1]);
  const open = await read<Page<Job>>(server, '/v1/jobs?open=true');
  expect(open.data).toEqual([]);
  expect((await read<Page<Job>>(server, '/v1/jobs?open=false')).data).toHaveLength(2);
  const stored = (await server.engine.run(run))!;
  const keep = { change: { verdict: 'keep' }, reviewer: 'me' } as const;
  await server.engine.service.reviews.review(stored, all[1]!.item, keep);
  const kept = await madeBy(server, { kind: 'convert', format: 'webp', run, review: 'kept' });
  await ended(server, kept);
  expect(await read(server, `/v1/jobs/${kept.job}`)).toMatchObject({
    items: 1,
    request: { review: 'kept' },
  });
  const { data: ofKept } = await read<Page<object>>(server, `/v1/jobs/${kept.job}/files`);
  expect(ofKept).toMatchObject([{ item: all[1]!.item, state: 'done' }]);
  for (const body of [
    { kind: 'convert', format: 'webp', run, review: 'rejected' },
    { kind: 'upscale', run, items: ['r0'] },
    { kind: 'check', run, items: ['r0'] },
  ]) {
    const none = await call('POST', '/v1/jobs', { body });
    expect(none.status).toBe(422);
    expect(await none.text()).toContain('None of these is a delivered image');
  }
});

test('what cannot be done is told by field, and leaves nothing behind', async () => {
  const server = await liveServer();
  const { call, home } = server;
  const wrong = async (body: unknown) => {
    const answer = await call('POST', '/v1/jobs', { body });
    return { status: answer.status, text: await answer.text() };
  };
  expect(await wrong({ kind: 'upscale' })).toMatchObject({ status: 422 });
  expect((await wrong({ kind: 'upscale' })).text).toContain('body.run');
  expect(await wrong({ kind: 'upscale', run: 'r000000000000' })).toMatchObject({ status: 404 });
  // A path of this machine is no run.
  expect(await wrong({ kind: 'upscale', run: '/etc' })).toMatchObject({ status: 404 });
  expect((await wrong({ kind: 'upscale', run: 'r1', factor: 7 })).text).toContain('body.factor');
  const inForm = await wrong(await form({ kind: 'convert', format: 'gif' }, ['a.png']));
  expect(inForm).toMatchObject({ status: 422 });
  expect(inForm.text).toContain('body.job.format');
  expect((await wrong(await form({ kind: 'convert' }, ['a.png']))).text).toContain('nothing to do');
  expect((await wrong(await form({ kind: 'upscale', run: 'r1' }, ['a.png']))).text).toContain(
    'body.job.run',
  );
  const unsaid = await wrong(await form({ kind: 'mark' }, ['a.png']));
  expect(unsaid).toMatchObject({ status: 422 });
  expect(unsaid.text).toContain('source_type trainedAlgorithmicMedia');
  const recipe = await wrong(await form({ kind: 'finish', recipe: 'fly' }, ['a.png']));
  expect(recipe).toMatchObject({ status: 422 });
  expect(recipe.text).toContain('body.job.recipe');
  const name = await wrong(await form({ kind: 'upscale', name: '{nothing}.png' }, ['a.png']));
  expect(name).toMatchObject({ status: 422 });
  for (const { text } of [unsaid, recipe, name]) expect(text).not.toMatch(/--|\/tmp/);
  expect((await wrong(await form({ kind: 'upscale' }, []))).text).toContain('body.pictures');
  const left = await readdir(join(home, 'jobs')).catch(() => []);
  expect(left).toEqual([]);
});

test('a picture that is none fails by itself, and no path is told', async () => {
  const server = await liveServer();
  const body = await form({ kind: 'convert', format: 'webp' }, ['good.png']);
  body.append('pictures', new Blob(['no picture'], { type: 'image/png' }), 'bad.png');
  const job = await madeBy(server, body);
  await ended(server, job);
  const { data } = await read<Page<JobFile>>(server, `/v1/jobs/${job.job}/files?state=failed`);
  expect(data).toMatchObject([{ source: 'bad.png', reason: expect.any(String) as string }]);
  expect(JSON.stringify(data)).not.toContain(server.home);
});

test('a job is its own workspace’s', async () => {
  const server = await liveServer();
  const job = await madeBy(server, await form({ kind: 'check' }, ['a.png']));
  await server.engine.service.workspaces.create({ id: 'other' });
  const key = await server.issueKey({ workspace: 'other' });
  for (const path of ['', '/files', '/zip', '/findings', '/files/1/content']) {
    expect((await server.call('GET', `/v1/jobs/${job.job}${path}`, { key })).status).toBe(404);
  }
  expect((await server.call('POST', `/v1/jobs/${job.job}/cancel`, { key })).status).toBe(404);
  expect(await (await server.call('GET', '/v1/jobs', { key })).json()).toEqual({
    data: [],
    next: null,
  });
  const { run } = (await (
    await server.call('POST', '/v1/batches', { body: { model: 'demo', prompts: ['a boat'] } })
  ).json()) as { run: string };
  const stolen = await server.call('POST', '/v1/jobs', { key, body: { kind: 'upscale', run } });
  expect(stolen.status).toBe(404);
});

test('a job is cancelled, and goes on after a restart when it is not', async () => {
  const server = await liveServer();
  const names = Array.from({ length: 40 }, (_, place) => `${place}.png`);
  const slow = { kind: 'upscale', factor: 4 };
  const [cancelled, kept] = [
    await madeBy(server, await form(slow, names)),
    await madeBy(server, await form({ kind: 'convert', format: 'webp' }, names.slice(0, 5))),
  ];
  const answer = await server.call('POST', `/v1/jobs/${cancelled.job}/cancel`);
  expect(await answer.json()).toMatchObject({ state: 'cancelled' });
  // Again is no mistake.
  expect((await server.call('POST', `/v1/jobs/${cancelled.job}/cancel`)).status).toBe(200);
  await server.stop();
  const next = await liveServer({ home: server.home });
  const key = await next.issueKey();
  const state = async ({ job }: Job) =>
    ((await (await next.call('GET', `/v1/jobs/${job}`, { key })).json()) as Job).state;
  await expect.poll(() => state(kept), { timeout: 30_000 }).toBe('done');
  expect(await state(cancelled)).toBe('cancelled');
  expect((await next.call('POST', `/v1/jobs/${kept.job}/cancel`, { key })).status).toBe(409);
});

async function unpacked(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(Buffer.from(bytes), { strictFileNames: true });
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    files.set(entry.fileName, Buffer.concat(chunks));
  }
  return files;
}
