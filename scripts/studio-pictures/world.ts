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
  const running = await productRun(client);
  return {
    url: server.url,
    client,
    done,
    running,
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
