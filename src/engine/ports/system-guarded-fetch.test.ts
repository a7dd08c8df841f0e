import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createGuardedFetch,
  type GuardedFetchOptions,
  type LookUp,
  PRIVATE_ADDRESS,
} from './system-guarded-fetch.ts';

/** In these tests 127.0.0.1 stands for the public world, and everything else for private networks. */
const PUBLIC = '127.0.0.1';
const PRIVATE = '127.0.0.2';
const worldly = { isAllowed: (address: string) => address === PUBLIC };

/** A server that is reached at every loopback address; answers its port. */
async function serve(answer: RequestListener = (_, response) => response.end('picture')) {
  const seen: { to: string | undefined; host: string | undefined; url: string | undefined }[] = [];
  const server = createServer((request, response) => {
    seen.push({ to: request.socket.localAddress, host: request.headers.host, url: request.url });
    answer(request, response);
  }).listen(0, '0.0.0.0');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

function guarded(options: GuardedFetchOptions = {}) {
  const made = createGuardedFetch(options);
  onTestFinished(() => made[Symbol.asyncDispose]());
  return made.fetch;
}

/** Answers each look-up with the next of these lists of addresses. */
function resolver(...answers: (readonly string[])[]): LookUp & { readonly asked: string[] } {
  const asked: string[] = [];
  const lookUp: LookUp = (host, _, answer) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)]!;
    asked.push(host);
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return Object.assign(lookUp, { asked });
}

async function codeOf(fetching: Promise<Response>): Promise<unknown> {
  try {
    await fetching;
    return 'answered';
  } catch (error) {
    return ((error as Error).cause as { code?: unknown }).code;
  }
}

describe('createGuardedFetch() goes to no address of this machine or its networks', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '0',
    '0.0.0.0',
    '0x7f000001',
    '0x7f.1',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    'localhost',
    'LOCALHOST',
    '127.0.0.1.',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
  ])('http://%s', async (host) => {
    const { port, seen } = await serve();
    expect(await codeOf(guarded()(`http://${host}:${port}/`))).toBe(PRIVATE_ADDRESS);
    expect(await codeOf(guarded()(`https://${host}:${port}/`))).toBe(PRIVATE_ADDRESS);
    expect(seen).toEqual([]);
  });

  test('http://localhost., which some machines know and some do not', async () => {
    const { port, seen } = await serve();
    const code = await codeOf(guarded()(`http://localhost.:${port}/`));
    expect([PRIVATE_ADDRESS, 'ENOTFOUND', 'EAI_AGAIN']).toContain(code);
    expect(seen).toEqual([]);
  });

  test.each(['169.254.169.254', '[fd00:ec2::254]', '10.0.0.1', '192.168.1.1', '[fe80::1]'])(
    'http://%s',
    async (host) => {
      expect(await codeOf(guarded()(`http://${host}/latest/meta-data/`))).toBe(PRIVATE_ADDRESS);
    },
  );

  test.each([
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['::1']],
    [['::ffff:10.0.0.1']],
    // A good one beside it does not help.
    [['93.184.215.14', '10.0.0.1']],
    [[]],
  ])('by a name that stands for %j', async (addresses) => {
    const fetch = guarded({ lookUp: resolver(addresses) });
    expect(await codeOf(fetch('http://pictures.example/a.png'))).toBe(PRIVATE_ADDRESS);
    expect(await codeOf(fetch('https://pictures.example/a.png'))).toBe(PRIVATE_ADDRESS);
  });
});

describe('createGuardedFetch() with a public world', () => {
  test('connects to the very address that was looked up, and asks for the name by its name', async () => {
    const { port, seen } = await serve();
    const lookUp = resolver([PUBLIC]);
    const response = await guarded({ ...worldly, lookUp })(`http://pictures.example:${port}/a.png`);
    expect(await response.text()).toBe('picture');
    expect(lookUp.asked).toEqual(['pictures.example']);
    expect(seen).toEqual([{ to: PUBLIC, host: `pictures.example:${port}`, url: '/a.png' }]);
  });

  test('is not fooled by a name server that changes its mind', async () => {
    const { port, seen } = await serve((_, response) => {
      response.setHeader('connection', 'close').end('picture');
    });
    // Good when it is checked, private when it is used: but there is only one look-up for both.
    const lookUp = resolver([PUBLIC], [PRIVATE]);
    const fetch = guarded({ ...worldly, lookUp });
    const address = `http://pictures.example:${port}/`;
    await (await fetch(address)).text();
    expect(lookUp.asked).toHaveLength(1);
    expect(await codeOf(fetch(address))).toBe(PRIVATE_ADDRESS);
    expect(seen.map(({ to }) => to)).toEqual([PUBLIC]);
  });

  test('does not follow a redirect by itself when told not to, nor to a private place when told to', async () => {
    const { port, seen } = await serve((request, response) => {
      if (request.url === '/secret') response.end('secret');
      else response.writeHead(302, { location: `http://${PRIVATE}:${port}/secret` }).end();
    });
    const fetch = guarded(worldly);
    const address = `http://${PUBLIC}:${port}/`;
    expect((await fetch(address, { redirect: 'manual' })).status).toBe(302);
    expect(await codeOf(fetch(address))).toBe(PRIVATE_ADDRESS);
    expect(seen.map(({ url }) => url)).toEqual(['/', '/']);
  });

  test('tells a name that is not there from one that is forbidden', async () => {
    const lookUp: LookUp = (_host, _options, answer) =>
      answer(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
    expect(await codeOf(guarded({ lookUp })('http://nobody.example/'))).toBe('ENOTFOUND');
  });
});
