/** Bodies within their bound of bytes that take long to look at, and much memory to complain about. */
import { expect, test } from 'vitest';
import { liveServer, type LiveServer } from '../support/live-server.ts';

const MANY = 150_000;

async function sendText({ url, secret }: LiveServer, path: string, body: string) {
  const answer = await fetch(new URL(path, url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${secret}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

/** `{"k0":{},"k1":{},…}` */
function objectOf(members: number): string {
  return `{${Array.from({ length: members }, (_, number) => `"k${number}":{}`).join(',')}}`;
}

test('an object of very many fields is refused before it is read', async () => {
  const server = await liveServer();
  const { status, text } = await sendText(server, '/v1/plans', `{"rows":[${objectOf(MANY)}]}`);
  expect(status).toBe(422);
  expect(text).toContain('more than 1000 fields');
});

test('a row of more cells than may be is told so', async () => {
  const server = await liveServer();
  const { status, text } = await sendText(server, '/v1/plans', `{"rows":[${objectOf(201)}]}`);
  expect(status).toBe(422);
  expect(text).toContain('body.rows[0].k0');
  const row = JSON.stringify(Object.fromEntries(Array.from({ length: 300 }, (_, n) => [n, 'x'])));
  const plain = await sendText(server, '/v1/plans', `{"rows":[${row}]}`);
  expect(plain.text).toContain('At most 200 cells a row');
});

test('of very many wrong cells the first are told, and no more are looked at', async () => {
  const server = await liveServer();
  const rows = Array.from({ length: 1_500 }, () => objectOf(100)).join(',');
  const before = process.memoryUsage().heapUsed;
  const { status, text } = await sendText(server, '/v1/plans', `{"rows":[${rows}]}`);
  expect(status).toBe(422);
  expect((JSON.parse(text) as { problems: unknown[] }).problems).toHaveLength(200);
  // Each mistake that is noted takes 3 KB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(250 * 2 ** 20);
});

test('a job in a form is bounded like one in JSON', async () => {
  const { call } = await liveServer();
  const body = new FormData();
  body.append('job', `{"kind":${'['.repeat(MANY)}${']'.repeat(MANY)}}`);
  body.append('pictures', new Blob(['x']), 'a.png');
  const answer = await call('POST', '/v1/jobs', { body });
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain('body.job');
});

test('an assistant’s call is bounded like every other one', async () => {
  const server = await liveServer();
  const call = (rows: string) =>
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"plan_images","arguments":{"rows":[${rows}]}}}`;
  const wide = await sendText(server, '/mcp', call(objectOf(MANY)));
  expect(wide.status).toBe(422);
  const rows = Array.from({ length: 900 }, () => objectOf(100)).join(',');
  const wrong = await sendText(server, '/mcp', call(rows));
  expect(wrong.text.length).toBeLessThan(500_000);
});

test('what needs no key is small', async () => {
  const { call } = await liveServer();
  const body = { text: 'x'.repeat(300_000) };
  const answer = await call('POST', '/stripe/webhook', { key: '', body });
  expect(answer.status).toBe(413);
});
