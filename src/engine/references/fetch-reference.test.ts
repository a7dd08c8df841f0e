import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { createGuardedFetch } from '../ports/system-guarded-fetch.ts';
import { fetchReference, LARGEST_FETCHED_BYTES, LONGEST_FETCH_MS } from './fetch-reference.ts';

interface Seen {
  readonly url: string | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
}

/** A server of the public world (127.0.0.1 here), and everything that reads from it. */
async function world(answer: RequestListener) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url, headers: request.headers });
    answer(request, response);
  }).listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const guarded = createGuardedFetch({ isAllowed: (address) => address === '127.0.0.1' });
  onTestFinished(async () => {
    await guarded[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });
  const clock = new VirtualClock();
  const origin = `http://127.0.0.1:${port}`;
  const deps = { fetch: guarded.fetch, clock, userAgent: 'Imagemill/0' };
  return {
    clock,
    port,
    seen,
    origin,
    /** Lets the pause before a second try pass, where there is one; `onTurn` may do more. */
    read: async (address: string, onTurn: () => void = () => {}) => {
      const reading = fetchReference(deps, address.startsWith('/') ? origin + address : address);
      let ended = false;
      const end = reading.finally(() => {
        ended = true;
      });
      while (!ended) {
        await nextTurn();
        const waitMs = (clock.nextAt ?? Infinity) - clock.now();
        if (waitMs <= PAUSE_MS) await clock.advance(waitMs);
        onTurn();
      }
      return end;
    },
  };
}

/** Between two tries. */
const PAUSE_MS = 1_000;

describe('fetchReference()', () => {
  test('reads the bytes, and says who it is and nothing else', async () => {
    const { read, seen } = await world((_, response) => response.end('picture'));
    expect(await read('/a.png?token=x')).toEqual({
      kind: 'fetched',
      bytes: Buffer.from('picture'),
    });
    const { url, headers } = seen[0]!;
    expect(url).toBe('/a.png?token=x');
    expect(headers).toMatchObject({ 'user-agent': 'Imagemill/0', accept: 'image/*' });
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('authorization');
  });

  test('follows redirects, each of which is checked', async () => {
    const { read, seen, port } = await world((request, response) => {
      const next: Record<string, string> = {
        '/': '/there',
        '/there': `http://127.0.0.1:${port}/picture`,
        '/to-a-private-place': `http://127.0.0.2:${port}/picture`,
        '/to-a-private-number': `http://2130706434:${port}/picture`,
        '/to-a-file': 'file:///etc/passwd',
        '/to-data': 'data:image/png;base64,AAAA',
        '/with-a-password': `http://me:secret@127.0.0.1:${port}/picture`,
        '/round': '/round',
      };
      const location = next[request.url ?? ''];
      if (location === undefined) response.end('picture');
      else response.writeHead(302, { location }).end();
    });
    expect(await read('/')).toMatchObject({ kind: 'fetched' });
    const problemOf = async (path: string) => {
      const answer = await read(path);
      return answer.kind === 'problem' ? answer.message : answer.kind;
    };
    expect(await problemOf('/to-a-private-place')).toContain('inside a private network');
    expect(await problemOf('/to-a-private-number')).toContain('inside a private network');
    expect(await problemOf('/to-a-file')).toContain('no web address');
    expect(await problemOf('/to-data')).toContain('no web address');
    expect(await problemOf('/with-a-password')).toContain('user name or password');
    expect(await problemOf('/round')).toContain('redirected again and again');
    expect(seen.filter(({ url }) => url === '/round')).toHaveLength(6);
    expect(seen.filter(({ url }) => url === '/picture')).toHaveLength(1);
  });

  test.each([
    ['http://127.0.0.2/a.png', 'inside a private network'],
    ['ftp://example.org/a.png', 'no web address'],
    ['http://me:secret@127.0.0.1/a.png', 'user name or password'],
  ])('does not read %s', async (address, words) => {
    const { read } = await world((_, response) => response.end('picture'));
    const answer = await read(address);
    expect(answer).toMatchObject({
      kind: 'problem',
      message: expect.stringContaining(words) as string,
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  test.each<[string, RequestListener]>([
    [
      'announced',
      (_, response) => {
        response.writeHead(200, { 'content-length': LARGEST_FETCHED_BYTES + 1 });
        response.write('x');
      },
    ],
    [
      'sent without an end',
      (_, response) => {
        const piece = Buffer.alloc(1024 * 1024);
        const more = () => {
          while (response.write(piece));
        };
        response.on('drain', more);
        more();
      },
    ],
    [
      'packed into few',
      (_, response) => {
        const packed = gzipSync(Buffer.alloc(LARGEST_FETCHED_BYTES + 1));
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
      },
    ],
  ])('reads no more bytes than 50 MB, %s', async (_, answer) => {
    const { read } = await world(answer);
    expect(await read('/large.png')).toMatchObject({
      kind: 'problem',
      message: 'The picture has more than 50 MB',
    });
  });

  test('takes as many bytes as are allowed', async () => {
    const { read } = await world((_, response) =>
      response.end(Buffer.alloc(LARGEST_FETCHED_BYTES)),
    );
    const answer = await read('/large.png');
    expect(answer.kind === 'fetched' && answer.bytes.length).toBe(LARGEST_FETCHED_BYTES);
  });

  test.each<[string, RequestListener]>([
    ['never answers', () => {}],
    [
      'stops in the middle',
      (_, response) => {
        response.writeHead(200).write('pict');
      },
    ],
  ])('gives up a server that %s, after a second try', async (_, answer) => {
    const { clock, read, seen } = await world(answer);
    let tries = 0;
    const reading = read('/a.png', () => {
      if (seen.length <= tries || clock.nextAt === undefined) return;
      tries = seen.length;
      void clock.advance(LONGEST_FETCH_MS);
    });
    expect(await reading).toMatchObject({
      kind: 'problem',
      message: 'No whole answer came within 30 s',
    });
    expect(seen).toHaveLength(2);
  });

  test('tries once more where that may help, and not where it cannot', async () => {
    const answers = [503, 200];
    const unsteady = await world((_, response) => {
      response.writeHead(answers.shift() ?? 200).end('picture');
    });
    expect(await unsteady.read('/a.png')).toMatchObject({ kind: 'fetched' });
    expect(unsteady.seen).toHaveLength(2);
    const cut = await world((_, response) => {
      response.destroy();
    });
    expect(await cut.read('/a.png')).toMatchObject({
      kind: 'problem',
      message: expect.stringContaining('The address cannot be read') as string,
    });
    expect(cut.seen).toHaveLength(2);
    const gone = await world((_, response) => {
      response.writeHead(404).end();
    });
    expect(await gone.read('/a.png')).toMatchObject({
      kind: 'problem',
      message: 'The server answers with status 404',
    });
    expect(gone.seen).toHaveLength(1);
  });
});
