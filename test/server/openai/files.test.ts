import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toFile } from 'openai';
import { expect, test } from 'vitest';
import { liveServer } from '../../support/live-server.ts';
import { officialClient, thrownBy } from './clients.ts';

const LINES = '{"custom_id":"one"}\n';

async function jsonl(name = 'rows.jsonl') {
  return toFile(Buffer.from(LINES), name, { type: 'application/jsonl' });
}

test('a file is uploaded, found, read and deleted', async () => {
  const server = await liveServer();
  const client = officialClient(server);
  const file = await client.files.create({
    file: await jsonl(),
    purpose: 'batch',
    expires_after: { anchor: 'created_at', seconds: 3_600 },
  });
  expect(file).toMatchObject({
    object: 'file',
    bytes: LINES.length,
    filename: 'rows.jsonl',
    purpose: 'batch',
  });
  expect(file.expires_at).toBe(file.created_at + 3_600);
  expect(await client.files.retrieve(file.id)).toMatchObject({ id: file.id });
  const content = await client.files.content(file.id);
  expect(content.headers.get('content-disposition')).toBe('attachment');
  expect(await content.text()).toBe(LINES);
  // Under a name of our own.
  expect(await readdir(join(server.home, 'files'))).toEqual([file.id]);
  expect(await readdir(join(server.home, 'incoming'))).toEqual([]);
  expect(await client.files.delete(file.id)).toMatchObject({ id: file.id, deleted: true });
  expect(await readdir(join(server.home, 'files'))).toEqual([]);
  expect((await thrownBy(client.files.content(file.id))).status).toBe(404);
});

test('what a client calls its file is no path', async () => {
  const server = await liveServer();
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([LINES]), '../../../etc/rows.jsonl');
  const answer = await server.call('POST', '/openai/v1/files', { body: form });
  const { id, filename } = (await answer.json()) as { id: string; filename: string };
  expect(filename).toBe('../../../etc/rows.jsonl');
  expect(await readdir(join(server.home, 'files'))).toEqual([id]);
});

test('files are listed page by page, by purpose', async () => {
  const client = officialClient(await liveServer());
  const made: string[] = [];
  for (let at = 0; at < 5; at += 1) {
    const purpose = at === 2 ? 'vision' : 'batch';
    made.push((await client.files.create({ file: await jsonl(), purpose })).id);
  }
  const listed: string[] = [];
  for await (const { id } of client.files.list({ limit: 2 })) listed.push(id);
  expect(listed.toSorted()).toEqual(made.toSorted());
  const pictures = await client.files.list({ purpose: 'vision' });
  expect(pictures.data.map(({ id }) => id)).toEqual([made[2]]);
});

test('another workspace sees no file and no batch, and can do nothing with them', async () => {
  const server = await liveServer();
  const client = officialClient(server);
  const secret = await server.issueKey({ workspace: 'other' });
  const other = officialClient({ ...server, secret });
  const file = await client.files.create({ file: await jsonl(), purpose: 'batch' });
  const order = {
    input_file_id: file.id,
    endpoint: '/v1/images/generations',
    completion_window: '24h',
  } as const;
  const batch = await client.batches.create(order);
  const tries = [
    () => other.files.retrieve(file.id),
    () => other.files.content(file.id),
    () => other.files.delete(file.id),
    () => other.batches.create(order),
    () => other.batches.retrieve(batch.id),
    () => other.batches.cancel(batch.id),
  ];
  for (const each of tries) expect((await thrownBy(each())).status).toBe(404);
  expect((await other.files.list()).data).toEqual([]);
  expect((await other.batches.list()).data).toEqual([]);
  expect((await client.batches.list()).data.map(({ id }) => id)).toEqual([batch.id]);
});

test.each([
  ['purpose', async () => ({ file: await jsonl(), purpose: 'assistants' })],
  ['file', async () => ({ purpose: 'batch' })],
  [
    'expires_after',
    async () => ({
      file: await jsonl(),
      purpose: 'batch',
      expires_after: { anchor: 'created_at', seconds: 5 },
    }),
  ],
])('an upload is refused for its %s', async (param, order) => {
  const server = await liveServer();
  const upload = officialClient(server).files.create((await order()) as never);
  expect(await thrownBy(upload)).toMatchObject({ status: 400, param });
});

test('what is sent again with its key is made once', async () => {
  const client = officialClient(await liveServer());
  const keyed = (key: string) => ({ headers: { 'Idempotency-Key': key } });
  const upload = async () =>
    client.files.create({ file: await jsonl(), purpose: 'batch' }, keyed('f-1'));
  const [one, other] = [await upload(), await upload()];
  expect(other.id).toBe(one.id);
  const start = () =>
    client.batches.create(
      { input_file_id: one.id, endpoint: '/v1/images/generations', completion_window: '24h' },
      keyed('b-1'),
    );
  expect((await start()).id).toBe((await start()).id);
  expect((await client.batches.list()).data).toHaveLength(1);
});

test('a batch takes its own kind of file only, and one that is there', async () => {
  const client = officialClient(await liveServer());
  const file = await client.files.create({ file: await jsonl(), purpose: 'user_data' });
  const order = { endpoint: '/v1/images/generations', completion_window: '24h' } as const;
  const wrong = client.batches.create({ ...order, input_file_id: file.id });
  expect(await thrownBy(wrong)).toMatchObject({ status: 400, param: 'input_file_id' });
  const missing = client.batches.create({ ...order, input_file_id: 'file-none' });
  expect(await thrownBy(missing)).toMatchObject({ status: 404, param: 'input_file_id' });
  const window = client.batches.create({
    ...order,
    input_file_id: file.id,
    completion_window: 'soon' as '24h',
  });
  expect(await thrownBy(window)).toMatchObject({ status: 400, param: 'completion_window' });
});
