/**
 * One of everything that a workspace can own, made over HTTP as its client would: for path parameters of
 * routes, and for fields of bodies that name such things.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { type CallOptions, callServer } from './live-server.ts';
import { paintPicture } from './pictures.ts';

export interface Owner {
  readonly url: string;
  /** Of an admin of the workspace. */
  readonly key: string;
  readonly workspace: string;
}

type Maker = (things: OwnedThings) => Promise<string>;

/** Names of parameters whose values belong to everybody. */
export const SHARED: Readonly<Record<string, string>> = {
  model: 'demo',
  number: '1',
  code: 'not-found',
};

/**
 * By the name of the parameter; where the same name means different things, behind the beginning of the
 * path (the longest that fits is taken).
 */
const MAKERS: Readonly<Record<string, Maker>> = {
  workspace: async ({ owner }) => owner.workspace,
  run: async (things) => {
    const order = {
      rows: [
        { prompt: 'a red boat', image: `@${await things.of('name')}` },
        { prompt: 'a blue boat' },
      ],
      settings: { models: ['demo'], name_template: 'gallery/{row}-{index}.{ext}' },
      approve: true,
    };
    const { run } = await things.post('/v1/runs', order);
    await things.ended(`/v1/runs/${run}`);
    return run!;
  },
  key: async (things) => {
    const { key } = await things.post('/v1/keys', { name: 'to be walked over', role: 'viewer' });
    return key!;
  },
  item: async (things) => {
    const page = await things.get(`/v1/runs/${await things.of('run')}/items`);
    return (page as unknown as { data: { item: string }[] }).data[0]!.item;
  },
  job: async (things) => {
    const order = { kind: 'convert', run: await things.of('run'), format: 'webp' };
    const { job } = await things.post('/v1/jobs', order);
    await things.ended(`/v1/jobs/${job}`);
    return job!;
  },
  name: async (things) => {
    const form = new FormData();
    form.append('name', 'hero');
    form.append('picture', new Blob([new Uint8Array(await paintPicture())]), 'hero.png');
    return (await things.post('/v1/references', form))['name']!;
  },
  upload: async ({ owner }) => {
    const metadata = `purpose ${btoa('sheet')},filename ${btoa('prompts.csv')}`;
    const headers = { 'tus-resumable': '1.0.0', 'upload-length': '7', 'upload-metadata': metadata };
    const answer = await callServer(owner.url, owner.key, 'POST', '/v1/uploads', { headers });
    return ((await answer.json()) as { upload: string }).upload;
  },
  webhook: async (things) => {
    // The last that ends by itself: after it, nothing is told but what somebody does.
    await things.of('/openai/v1/batches {batch}');
    const { webhook } = await things.post('/v1/webhooks', { url: await acceptingAddress() });
    return webhook!;
  },
  delivery: async (things) => {
    const webhook = `/v1/webhooks/${await things.of('webhook')}`;
    const { delivery } = await things.post(`${webhook}/test`, undefined);
    const log = async () => JSON.stringify(await things.get(`${webhook}/deliveries`));
    await expect.poll(log, { timeout: 20_000 }).toContain('"delivered"');
    return delivery!;
  },
  share: async (things) => {
    const { share } = await things.post(`/v1/runs/${await things.of('run')}/shares`, {});
    return share!;
  },
  export: async (things) => {
    const exports = `/v1/runs/${await things.of('run')}/exports`;
    const made = await things.post(exports, {});
    await things.ended(`${exports}/${made['export']}`);
    return made['export']!;
  },
  '/v1/runs/{run}/exports {file}': async (things) => {
    const run = await things.of('run');
    const made = await things.get(`/v1/runs/${run}/exports/${await things.of('export')}`);
    return (made as unknown as { files: { name: string }[] }).files[0]!.name;
  },
  '/v1/runs {folder}': async (things) => (await things.delivered()).split('/')[0]!,
  '/v1/runs/{run}/files/{folder} {file}': async (things) =>
    (await things.delivered()).split('/')[1]!,
  '/v1/runs/{run}/files/{file} {file}': () => Promise.resolve('results.csv'),
  '/v1/batches {batch}': async (things) => {
    const order = { model: 'demo', prompts: ['a green boat'] };
    const { batch } = await things.post('/v1/batches', order);
    await things.ended(`/v1/batches/${batch}`);
    return batch!;
  },
  '/openai/v1/files {file}': async (things) => {
    const line = {
      custom_id: 'one',
      method: 'POST',
      url: '/v1/images/generations',
      body: { model: 'demo', prompt: 'a yellow boat' },
    };
    const form = new FormData();
    form.append('purpose', 'batch');
    form.append('file', new Blob([`${JSON.stringify(line)}\n`]), 'batch.jsonl');
    return (await things.post('/openai/v1/files', form))['id']!;
  },
  '/openai/v1/batches {batch}': async (things) => {
    const order = {
      input_file_id: await things.of('/openai/v1/files {file}'),
      endpoint: '/v1/images/generations',
      completion_window: '24h',
    };
    const { id } = await things.post('/openai/v1/batches', order);
    await things.ended(`/openai/v1/batches/${id}`, 'completed');
    return id!;
  },
};

export class OwnedThings {
  readonly owner: Owner;
  readonly #made = new Map<string, Promise<string>>();

  constructor(owner: Owner) {
    this.owner = owner;
  }

  /** The values of a route's parameters; throws an error that names those that nobody can make. */
  async valuesFor(path: string, names: readonly string[]): Promise<Record<string, string>> {
    const values: Record<string, string> = {};
    for (const name of names) values[name] = SHARED[name] ?? (await this.of(makerFor(path, name)));
    return values;
  }

  /** Made when it is first asked for. */
  of(maker: string): Promise<string> {
    const made = this.#made.get(maker) ?? this.#make(maker);
    this.#made.set(maker, made);
    return made;
  }

  /** Where the first image of the run lies, in its folder of delivered files. */
  async delivered(): Promise<string> {
    const item = await this.get(`/v1/runs/${await this.of('run')}/items/${await this.of('item')}`);
    return item['file']!;
  }

  /** Everything that was made so far. */
  async ids(): Promise<string[]> {
    return Promise.all(this.#made.values());
  }

  async get(path: string): Promise<Record<string, string>> {
    return this.#ask('GET', path, {});
  }

  async post(path: string, body: unknown): Promise<Record<string, string>> {
    return this.#ask('POST', path, { body });
  }

  async ended(path: string, state = 'done'): Promise<void> {
    const told = async () => {
      const { state, status } = await this.get(path);
      return state ?? status;
    };
    await expect.poll(told, { timeout: 20_000, message: path }).toBe(state);
  }

  async #make(maker: string): Promise<string> {
    const value: unknown = await MAKERS[maker]!(this);
    if (typeof value === 'string' && value !== '') return value;
    throw new Error(`MAKERS of test/support/owned-things.ts made nothing for ${maker}.`);
  }

  async #ask(method: string, path: string, options: CallOptions): Promise<Record<string, string>> {
    const { url, key } = this.owner;
    const answer = await callServer(url, key, method, path, options);
    const text = await answer.text();
    expect(answer.ok, `${method} ${path} answered ${answer.status}: ${text}`).toBe(true);
    return JSON.parse(text) as Record<string, string>;
  }
}

/** An endpoint that takes whatever it is told, until the test ends. */
async function acceptingAddress(): Promise<string> {
  const server = createServer((request, answer) => {
    request.resume().on('end', () => answer.writeHead(204).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/told`;
}

function makerFor(path: string, name: string): string {
  const fitting = Object.keys(MAKERS)
    .filter((maker) => maker === name || isFor(maker, path, name))
    .toSorted((one, other) => other.length - one.length);
  const [maker] = fitting;
  if (maker !== undefined) return maker;
  throw new Error(
    `Nobody knows a value for {${name}} of ${path}. Add how one is made to MAKERS in test/support/owned-things.ts, or to SHARED if it belongs to everybody.`,
  );
}

function isFor(maker: string, path: string, name: string): boolean {
  const [beginning, parameter] = maker.split(' ');
  return parameter === `{${name}}` && path.startsWith(beginning!);
}
