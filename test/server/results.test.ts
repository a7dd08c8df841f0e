import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { liveServer } from '../support/live-server.ts';
import { itemsOf, newRun, problemOf, untilRun } from '../support/service-run.ts';

test('the results sheet is there at any time, and can be sent as a sheet again', async () => {
  const { call } = await liveServer();
  const settings = { models: ['gpt-image-2'] };
  const run = await newRun(call, {
    rows: [{ prompt: 'a boat', mood: 'calm' }],
    prompts: undefined,
    settings,
    approve: false,
    title: 'Böte.csv',
  });
  const early = await call('GET', `/v1/runs/${run}/results.csv`);
  expect(early.headers.get('content-disposition')).toContain(
    "filename*=UTF-8''B%C3%B6te-results.csv",
  );
  expect(await early.text()).toMatch(/^prompt,mood,row,index,state[^\n]*\na boat,calm,1,1,waiting/);
  await call('POST', `/v1/runs/${run}/approve`);
  await untilRun(call, run);
  const text = await (await call('GET', `/v1/runs/${run}/results.csv`)).text();
  expect(text).toContain('a boat,calm,1,1,delivered');
  const form = new FormData();
  form.append('sheet', new Blob([text]), 'results.csv');
  form.append('settings', '{"models":["demo"]}');
  expect(await (await call('POST', '/v1/runs', { body: form })).json()).toMatchObject({ rows: 1 });
});

test('manifest, contact sheet and page are given once a run has ended', async () => {
  const { call } = await liveServer();
  const waiting = await newRun(call, { settings: { models: ['gpt-image-2'] }, approve: false });
  for (const what of ['manifest', 'contact-sheet', 'contact-page']) {
    await problemOf(await call('GET', `/v1/runs/${waiting}/${what}`), 404);
  }
  const run = await newRun(call);
  await untilRun(call, run);
  const there = async () => (await call('GET', `/v1/runs/${run}/contact-page`)).status;
  await expect.poll(there, { timeout: 20_000 }).toBe(200);
  const manifest = await call('GET', `/v1/runs/${run}/manifest`);
  expect(manifest.headers.get('content-type')).toBe('application/json');
  expect(await manifest.text()).toContain('sha256');
  const sheet = await call('GET', `/v1/runs/${run}/contact-sheet`);
  expect((await sharp(await sheet.arrayBuffer()).metadata()).format).toBe('webp');
});

test('the contact page loads in a browser with what lies beside it', async () => {
  const { call, url } = await liveServer();
  const run = await newRun(call);
  await untilRun(call, run);
  const page = () => call('GET', `/v1/runs/${run}/files/contact-sheet.html`);
  await expect.poll(async () => (await page()).status, { timeout: 20_000 }).toBe(200);
  const answer = await page();
  expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
  const html = await answer.text();
  const [, piece = ''] = /<script src="([^"]+)"/.exec(html) ?? [];
  const script = await call('GET', new URL(piece, answer.url).pathname);
  expect(answer.url.startsWith(url)).toBe(true);
  expect([script.status, script.headers.get('content-type')]).toEqual([
    200,
    'text/javascript; charset=utf-8',
  ]);
});

test('files of a run are given by their names, and nothing else is', async () => {
  const { call, home } = await liveServer();
  const run = await newRun(call);
  await untilRun(call, run);
  const [item] = await itemsOf(call, run);
  const out = join(home, 'runs', run, 'out');
  await writeFile(join(home, 'secret.txt'), 'secret');
  await symlink(join(home, 'secret.txt'), join(out, 'link.txt'));
  await symlink(home, join(out, 'linked'));
  expect((await call('GET', `/v1/runs/${run}/files/${item!.file}`)).status).toBe(200);
  const names = ['link.txt', 'linked/secret.txt', '..%2Fsheet', '%2e%2e/sheet', '..%5Cx', '.', 'x'];
  for (const name of [...names, '.hidden', 'contact-sheet', 'a%2Fb', `..%2F..%2F..%2Fsecret.txt`]) {
    const answer = await call('GET', `/v1/runs/${run}/files/${name}`);
    expect([name, answer.status]).toEqual([name, 404]);
  }
});

test('a run is packed in the background, and the archive is given in parts as well', async () => {
  const { call, issueKey } = await liveServer();
  const run = await newRun(call, { prompts: ['one', 'two'], title: 'Two boats.csv' });
  await untilRun(call, run);
  const body = { as: 'zip', finish: 'resize 32x32; webp' };
  const begun = await call('POST', `/v1/runs/${run}/exports`, { body });
  expect(begun.status).toBe(202);
  const { export: id } = (await begun.json()) as { export: string };
  const seen = async () =>
    (await (await call('GET', `/v1/runs/${run}/exports/${id}`)).json()) as {
      state: string;
      images: number;
      files: { name: string; bytes: number }[];
    };
  await expect.poll(async () => (await seen()).state, { timeout: 20_000 }).toBe('done');
  const { files, images } = await seen();
  expect([images, files.map(({ name }) => name)]).toEqual([2, ['Two-boats.zip']]);
  const file = `/v1/runs/${run}/exports/${id}/files/Two-boats.zip`;
  const head = await call('GET', file, { headers: { range: 'bytes=0-1' } });
  expect([head.status, await head.text()]).toEqual([206, 'PK']);
  expect(head.headers.get('content-disposition')).toContain('attachment');
  const listed = await (await call('GET', `/v1/runs/${run}/exports`)).json();
  expect(listed).toMatchObject({ data: [{ export: id }] });
  const key = await issueKey({ workspace: 'other' });
  await problemOf(await call('GET', file, { key }), 404);
  await problemOf(await call('GET', `${file}x`), 404);
  await problemOf(await call('GET', `/v1/runs/${run}/exports/exp_000000000000`), 404);
  await problemOf(await call('POST', `/v1/runs/${run}/exports`, { body: { as: 'folder' } }), 422);
});

test('a data set is packed as its shards and their index', async () => {
  const { call } = await liveServer();
  const run = await newRun(call, { prompts: ['one', 'two'], title: 'boats' });
  await untilRun(call, run);
  await call('POST', `/v1/runs/${run}/exports`, { body: { as: 'webdataset' } });
  const seen = async () => {
    const listed = await (await call('GET', `/v1/runs/${run}/exports`)).json();
    return (listed as { data: { state: string; files: { name: string }[] }[] }).data[0]!;
  };
  await expect.poll(async () => (await seen()).state, { timeout: 20_000 }).toBe('done');
  const names = (await seen()).files.map(({ name }) => name);
  expect(names.filter((name) => name.endsWith('.tar'))).toHaveLength(1);
  expect(names.filter((name) => name.endsWith('.parquet'))).toHaveLength(1);
});
