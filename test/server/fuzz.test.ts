/**
 * Every operation of the OpenAPI document gets good, odd and broken requests. `FUZZ=200` sends so many to each
 * instead of a few; `FUZZ_SEED=7` sends others.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import pLimit from 'p-limit';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { Schemas } from '../../src/server/documentation/openapi-examples.ts';
import {
  type FuzzedOperation,
  type FuzzedRequest,
  type KnownIds,
  requestsFor,
} from '../support/fuzz-requests.ts';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { postgresHome } from '../support/stores.ts';

const EACH = Number(process.env['FUZZ'] ?? 6);
const SEED = Number(process.env['FUZZ_SEED'] ?? 2026);
const AT_ONCE = 8;
/** A stream, or a request that waits for images, has been accepted by then. */
const PATIENCE_MS = 15_000;
/** What may be left behind: caches, prepared statements. A leak of requests would be far more. */
const MOST_LEFT_BYTES = 96 * 2 ** 20;
const OPERATIONS = /^(get|put|post|delete|patch)$/;

test.each(['SQLite', 'PostgreSQL'])(
  'no request breaks the server on %s',
  async (kind) => {
    const broken: string[] = [];
    const server = await liveServer({
      ...(kind === 'PostgreSQL' && { databaseUrl: await freshDatabase() }),
      settings: {
        requestsPerMinute: 1e9,
        guessesPerMinute: 1e9,
        longestWaitMs: 1_000,
        mostJsonBytes: 200_000,
        mostUploadBytes: 8_000_000,
      },
      log: pino({ level: 'error' }, collector(broken)),
    });
    const { operations, schemas } = await documentOf(server);
    const known = await thingsOf(server);
    await fuzz(
      server,
      operations.map((operation) => requestsFor(operation, schemas, known)),
      2,
    );
    const before = heapBytes();
    const failures = await fuzz(
      server,
      operations.map((operation) => requestsFor(operation, schemas, known)),
      EACH,
    );
    expect(failures).toEqual([]);
    expect(broken).toEqual([]);
    expect(heapBytes() - before).toBeLessThan(MOST_LEFT_BYTES);
    expect((await server.call('GET', '/healthz')).status).toBe(200);
    const whole = await server.call('POST', '/v1/runs', {
      key: await server.issueKey({ workspace: 'untouched' }),
      body: { prompts: ['a boat'], settings: { models: ['demo'] } },
    });
    expect(whole.status).toBe(201);
  },
  (20 + EACH * 10) * 1_000,
);

/** Sends so many to each operation; answers those that were not answered as they should be. */
async function fuzz(
  server: LiveServer,
  requests: readonly fc.Arbitrary<FuzzedRequest>[],
  each: number,
): Promise<string[]> {
  const limit = pLimit(AT_ONCE);
  const sent = requests.flatMap((arbitrary, at) =>
    fc.sample(arbitrary, { numRuns: each, seed: SEED + at }),
  );
  const judged = await Promise.all(sent.map((request) => limit(() => judge(server, request))));
  return judged.filter((failure) => failure !== undefined);
}

async function judge(server: LiveServer, request: FuzzedRequest): Promise<string | undefined> {
  const { method, path, headers, body } = request;
  const shown = () =>
    `${method} ${path.slice(0, 200)} ${JSON.stringify(headers).slice(0, 200)} ${
      typeof body === 'string'
        ? body.slice(0, 300)
        : ((body &&
            Buffer.from(body as Uint8Array)
              .toString('latin1')
              .slice(0, 300)) ??
          '')
    }`;
  const patience = AbortSignal.timeout(PATIENCE_MS);
  let answer: Response;
  try {
    answer = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${server.secret}`, ...headers },
      signal: patience,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
  } catch (error) {
    return `no answer (${String((error as Error).cause ?? error)}): ${shown()}`;
  }
  if (answer.status < 400) {
    await answer.body?.cancel();
    return undefined;
  }
  const text = await answer.text();
  const wrong = complaint(answer, path, text);
  return wrong === undefined ? undefined : `${wrong} ${text.slice(0, 200)}: ${shown()}`;
}

/** What is wrong with an answer that is an error. */
function complaint(answer: Response, path: string, text: string): string | undefined {
  // Stopping, or out of patience: said on purpose, and in its own shape.
  if (answer.status >= 500 && answer.status < 503) return `${answer.status}`;
  if (path.startsWith('/openai/')) {
    const { error } = jsonOf(text) as { error?: { message?: unknown; type?: unknown } };
    return typeof error?.message === 'string' && typeof error.type === 'string'
      ? undefined
      : `${answer.status}, not as OpenAI tells it`;
  }
  const problem = jsonOf(text) as { code?: unknown; status?: unknown; request_id?: unknown };
  const isProblem =
    answer.headers.get('content-type') === 'application/problem+json' &&
    typeof problem.code === 'string' &&
    problem.status === answer.status &&
    typeof problem.request_id === 'string' &&
    problem.request_id !== '';
  return isProblem ? undefined : `${answer.status}, no problem`;
}

function jsonOf(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}

async function documentOf(server: LiveServer) {
  const document = (await (await server.call('GET', '/openapi.json')).json()) as {
    paths: Record<string, Record<string, never>>;
    components: { schemas: Schemas };
  };
  const { schemas } = document.components;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => OPERATIONS.test(method))
      .map(([method, operation]): FuzzedOperation => {
        const { parameters = [], requestBody } = operation as {
          parameters?: FuzzedOperation['parameters'];
          requestBody?: { content: Record<string, { schema: object }> };
        };
        const bodies = Object.entries(requestBody?.content ?? {}).map(
          ([type, { schema }]) => [type, schema] as const,
        );
        return {
          method: method.toUpperCase(),
          path,
          parameters: parameters.filter(({ name }) => name !== undefined),
          bodies: Object.fromEntries(bodies),
        };
      }),
  );
  // What removes things comes last.
  const order = ({ method }: FuzzedOperation) => (method === 'DELETE' ? 1 : 0);
  return { operations: operations.toSorted((a, b) => order(a) - order(b)), schemas };
}

/** Something of each kind that is there, so that requests get further than "not found". */
async function thingsOf(server: LiveServer): Promise<KnownIds> {
  const make = async (path: string, body: unknown) => {
    const answer = await server.call('POST', path, { body });
    expect(answer.ok, `${path} ${answer.status}`).toBe(true);
    return (await answer.json()) as Record<string, string>;
  };
  const prompts = ['a boat', 'a fox'];
  const demo = { prompts, settings: { models: ['demo'] }, approve: true };
  const { run } = await make('/v1/runs', demo);
  await expect
    .poll(async () => (await server.engine.report(run!)).run.state, { timeout: 30_000 })
    .toBe('done');
  const items = (await (await server.call('GET', `/v1/runs/${run}/items`)).json()) as {
    data: { item: string }[];
  };
  const image = await server.call('GET', `/v1/runs/${run}/items/${items.data[0]!.item}/image`);
  const picture = new Blob([await image.arrayBuffer()], { type: 'image/png' });
  const paid = await make('/v1/runs', { prompts, settings: { models: ['gpt-image-2'] } });
  const batch = await make('/v1/batches', { model: 'demo', prompts });
  const webhook = await make('/v1/webhooks', { url: 'https://hooks.example.com/x' });
  const job = await make('/v1/jobs', { kind: 'convert', run, format: 'webp' });
  const packed = await make(`/v1/runs/${run}/exports`, {});
  await make('/v1/references', form({ name: 'hero', picture }));
  const file = await make('/openai/v1/files', form({ purpose: 'vision', file: picture }));
  await server.issueKey({ workspace: 'other', name: 'theirs' });
  const keys = await server.engine.service.keys.list('other');
  return {
    run: [run!, paid['run']!],
    batch: [batch['batch']!],
    item: items.data.map(({ item }) => item),
    model: ['demo', 'gpt-image-2'],
    workspace: ['other'],
    key: keys.map(({ id }) => id),
    webhook: [webhook['webhook']!],
    job: [job['job']!],
    export: [packed['export']!],
    file: [file['id']!, 'manifest.json'],
    name: ['hero'],
    number: ['1'],
    delivery: [`${webhook['webhook']}_1`],
  };
}

function form(fields: Readonly<Record<string, string | Blob>>): FormData {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') made.set(name, value);
    else made.set(name, value, `${name}.png`);
  }
  return made;
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

function collector(lines: string[]): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString().slice(0, 2_000));
      done();
    },
  });
}

async function freshDatabase(): Promise<string> {
  const database = await postgresHome();
  onTestFinished(() => database[Symbol.asyncDispose]());
  return database.address;
}
