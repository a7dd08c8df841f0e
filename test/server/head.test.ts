/** A HEAD request is answered like a GET, and holds nothing afterwards. */
import { readdir, readlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { liveServer } from '../support/live-server.ts';

/** Files below a folder that this process has open. */
async function openBelow(folder: string): Promise<string[]> {
  const names = await readdir('/proc/self/fd');
  const places = await Promise.all(
    names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
  );
  return places.filter((place) => place.startsWith(folder));
}

test.runIf(process.platform === 'linux')('asked for a file, no file is left open', async () => {
  const { call, home } = await liveServer();
  const body = new FormData();
  body.append('purpose', 'batch');
  body.append('file', new Blob(['x'.repeat(2 ** 20)]), 'lines.jsonl');
  const sent = await call('POST', '/openai/v1/files', { body });
  const { id } = (await sent.json()) as { id: string };
  for (let count = 0; count < 5; count += 1) {
    const answer = await call('HEAD', `/openai/v1/files/${id}/content`);
    expect(answer.headers.get('content-length')).toBe(String(2 ** 20));
  }
  await expect.poll(() => openBelow(`${home}/files`), { timeout: 5_000 }).toEqual([]);
});

test('asked for events, no place is kept', async () => {
  const { call, secret, url } = await liveServer({ settings: { streamsPerKey: 2 } });
  for (let count = 0; count < 6; count += 1) {
    expect((await call('HEAD', '/v1/events')).status).toBe(200);
  }
  const reader = new AbortController();
  const answer = await fetch(new URL('/v1/events', url), {
    headers: { authorization: `Bearer ${secret}` },
    signal: reader.signal,
  });
  reader.abort();
  expect(answer.status).toBe(200);
});
