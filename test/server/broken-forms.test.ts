/** Forms that nobody's browser sends, with an `Idempotency-Key`: read before anybody knows what they are for. */
import { connect } from 'node:net';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { liveServer, type LiveServer } from '../support/live-server.ts';

const FILE = '--b\r\nContent-Disposition: form-data; name="sheet"; filename="a.csv"\r\n\r\n';
const FIELD = '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\n';
const END = '--b--\r\n';

/** In the name of a key that may only look: forms are read before that is known. */
async function send({ url, issueKey }: LiveServer, form: string): Promise<Response> {
  return fetch(new URL('/v1/runs', url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await issueKey({ role: 'viewer' })}`,
      'content-type': 'multipart/form-data; boundary=b',
      'idempotency-key': 'a-form',
    },
    body: form,
  });
}

test.each([
  ['in a file', `${FILE}prompt\r\na boat`],
  ['behind a file', `${FILE}prompt\r\na boat\r\n`],
  ['in the head of a part', `${FILE}prompt\r\n--b\r\nContent-Disposition: form`],
  ['in a field', `${FIELD}boats`],
])('a form that is cut off %s is refused, and the server lives on', async (_, form) => {
  const server = await liveServer();
  const answer = await send(server, form);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: 'malformed-request' });
  expect((await server.call('GET', '/healthz')).status).toBe(200);
});

test.each([
  ['files', FILE, 5_000],
  ['fields', FIELD, 500],
])('a form of endless %s is refused at their bound', async (_, part, count) => {
  const server = await liveServer();
  const answer = await send(server, `${part}x\r\n`.repeat(count) + END);
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({ code: 'too-large' });
});

test('a field that is too long is refused, not cut', async () => {
  const server = await liveServer();
  const answer = await send(server, `${FIELD}${'x'.repeat(2 ** 20 + 1)}\r\n${END}`);
  expect(answer.status).toBe(413);
});

test.each(['/v1/plans', '/openai/v1/images/generations'])(
  'a client that leaves amid its body for %s is no error of ours',
  async (path) => {
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const { url, secret } = await liveServer({ log });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: x',
      `Authorization: Bearer ${secret}`,
      'Content-Type: application/json',
      'Content-Length: 3000',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n{"prompts":`, () => socket.destroySoon());
    const ofRequest = () => lines.map((line) => JSON.parse(line) as { status?: number });
    const statuses = () => ofRequest().flatMap(({ status }) => status ?? []);
    await expect.poll(statuses, { timeout: 10_000 }).toEqual([400]);
    expect(lines.join('')).not.toContain('a request broke');
  },
);
