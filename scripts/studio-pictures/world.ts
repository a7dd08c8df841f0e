/** What the pictures show: a workspace with a balance and runs in several states. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { pino } from 'pino';
import { simulate } from '../../simulators/simulate.ts';
import { type Client, createClient } from '../../src/api/client/index.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { DEFAULT_SERVE_SETTINGS, serve } from '../../src/server/index.ts';
import { StudioFiles } from '../../src/server/studio/studio-files.ts';

export interface World {
  readonly url: string;
  readonly client: Client;
  /** The value of a new session's cookie. */
  session(): Promise<string>;
  /** A run of the demo model that is done; some of its images are reviewed. */
  readonly done: string;
  /** One that is being made by two models. */
  readonly running: string;
  /** Path of a page that was shared, with its secret. */
  readonly shared: string;
  close(): Promise<void>;
}

const VENDORS = ['OPENAI', 'BFL', 'GEMINI', 'KLING', 'DASHSCOPE'] as const;

export async function openWorld(home: string): Promise<World> {
  const simulation = await simulate({ latencyMs: 2_500, refusals: { pattern: 'number 7' } });
  const { environment } = simulation;
  const accounts = VENDORS.map((name) => [
    name.toLowerCase(),
    { apiKey: environment[`${name}_API_KEY`], baseUrl: environment[`${name}_BASE_URL`] },
  ]);
  const engine = await createEngine({ home, config: { vendors: Object.fromEntries(accounts) } });
  await engine.service.workspaces.create({
    id: 'northlight',
    name: 'Northlight Studio',
    imagesPerHour: 500,
  });
  const { secret } = await engine.service.keys.issue({
    workspace: 'northlight',
    name: 'Ada',
    role: 'operator',
  });
  const server = await serve(
    {
      engine,
      settings: DEFAULT_SERVE_SETTINGS,
      log: pino({ level: 'silent' }),
      now: Date.now,
      ...ownBuild(),
    },
    { port: 0 },
  );
  const client = createClient({ baseUrl: server.url, apiKey: secret });
  await client.credits.enter('northlight', { kind: 'grant', credits: 2_500, reason: 'Welcome' });
  const done = await demoRun(client);
  await review(client, done);
  await addReferences(client, done);
  const shared = await share(client, done);
  const running = await productRun(client);
  return {
    url: server.url,
    client,
    done,
    running,
    shared,
    session: () => newSession(server.url, secret),
    close: async () => {
      await client.runs.cancel(running).catch(() => {});
      await server.stop();
      await engine[Symbol.asyncDispose]();
      await simulation[Symbol.asyncDispose]();
    },
  };
}

/** Another build of the studio than the one beside the program. */
function ownBuild() {
  const folder = process.env['IMAGEMILL_STUDIO'];
  return folder === undefined ? {} : { studio: new StudioFiles(folder) };
}

async function newSession(url: string, secret: string): Promise<string> {
  const answer = await fetch(`${url}/v1/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
  });
  return /imagemill_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
}

async function demoRun(client: Client): Promise<string> {
  const sheet = await readFile(join(import.meta.dirname, '../../examples/demo.csv'), 'utf8');
  const rows: Record<string, string>[] = parse(sheet, { columns: true, bom: true });
  const { run } = await client.runs.create({
    title: 'Autumn campaign, drafts',
    rows,
    settings: { models: ['demo'], count: 3, size: '768x768' },
    approve: true,
  });
  await client.runs.wait(run);
  return run;
}

/** Some are kept, one has a note: the page is seen half-way. */
async function review(client: Client, run: string): Promise<void> {
  const { data } = await client.items.list(run, { limit: 12 });
  for (const [at, { item }] of data.entries()) {
    if (at % 4 === 3) continue;
    const stars = at % 3 === 0 ? 4 : 0;
    await client.reviews.put(run, item, { verdict: at % 3 === 2 ? 'reject' : 'keep', stars });
  }
  await client.reviews.put(run, data[0]!.item, {
    note: 'The light of the second one on this sky.',
  });
}

const NAMES = ['lake-at-sunset', 'lighthouse', 'neon-street', 'perfume', 'kitchen', 'rocket'];

async function addReferences(client: Client, run: string): Promise<void> {
  const { data } = await client.items.list(run, { limit: NAMES.length * 3 });
  for (const [at, name] of NAMES.entries()) {
    const answer = await client.images.get(run, data[at * 3]!.item);
    const file = new File([await answer.blob()], `${name}.png`, { type: 'image/png' });
    await client.references.upload(name, file);
  }
}

async function share(client: Client, run: string): Promise<string> {
  const { link } = await client.shares.create(run, {
    title: 'Autumn campaign, first look',
    shows_prompts: true,
    takes_marks: true,
  });
  const { pathname, hash } = new URL(link);
  return `${pathname}${hash}`;
}

const PRODUCTS = ['teapot', 'lantern', 'backpack', 'armchair', 'wristwatch', 'bicycle', 'vase'];
const SETTINGS = ['on white', 'in morning light', 'on wet stone', 'by a window', 'in the snow'];

async function productRun(client: Client): Promise<string> {
  const prompts = PRODUCTS.flatMap((product) =>
    SETTINGS.map((place) => `Product photo of a ${product} ${place}, soft shadows, 85 mm`),
  );
  const rows = prompts.map((prompt, at) => ({ prompt: `${prompt}, number ${at + 1}` }));
  const { run } = await client.runs.create({
    title: 'Shop pictures, winter',
    rows,
    settings: {
      models: ['gpt-image-2', 'flux'],
      rotate_every: 5,
      proof: 0,
      concurrency: 1,
      budget: 400,
    },
    approve: true,
  });
  return run;
}
