/** How soon each page of the studio is there, and what it weighs: cold, in a real browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createClient } from '../../src/api/client/index.ts';
import { openBrowser, WITHOUT_BROWSER } from '../../test/support/browser.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { figure, type Section } from '../section.ts';
import { startServer } from '../service/start-server.ts';
import { signIn } from './sign-in.ts';

const PAGES = [
  '/sign-in',
  '/generate',
  '/runs',
  '/runs/RUN',
  '/runs/RUN/review',
  '/references',
  '/tools',
  '/dashboard',
  '/settings',
];
/** Beside them, a page of the same server that is not ours: Swagger UI with the API's document. */
const BASELINE = '/docs';
const ROUNDS = 3;
const IMAGES = 60;

/** A laptop as it is, and a phone as Lighthouse thinks of one: a quarter of the processor. */
const MACHINES = {
  desktop: { viewport: { width: 1280, height: 800 }, slower: 1 },
  phone: { viewport: { width: 390, height: 844 }, slower: 4 },
} as const;

type Machine = keyof typeof MACHINES;
type Row = Section['rows'][number];

export async function studioPages(): Promise<Section> {
  const rows = WITHOUT_BROWSER === undefined ? await measure() : [];
  return {
    title: `Pages of the studio, a run of ${IMAGES} images`,
    how: [
      `Cold: an empty cache each time, from this machine; the middle of ${ROUNDS} rounds.`,
      'phone: the processor held to a quarter. First paint and largest paint: of the browser’s own clock.',
      'Blocked: what long tasks take beyond 50 ms each. Moved: the layout shift of the page.',
      'Script kB: packed as sent, and as it runs. /docs is Swagger UI on the same server, to compare.',
      ...(WITHOUT_BROWSER === undefined ? [] : [`Not measured: ${WITHOUT_BROWSER}.`]),
    ],
    rows,
  };
}

async function measure(): Promise<Row[]> {
  await using scratch = await scratchFolder();
  await using server = await startServer({
    home: scratch.path,
    baseUrl: 'http://127.0.0.1:9',
    concurrency: 4,
  });
  const run = await demoRun(server.url, server.secret);
  const browser = await openBrowser();
  try {
    const rows: Row[] = [];
    for (const machine of Object.keys(MACHINES) as Machine[]) {
      for (const path of [BASELINE, ...PAGES]) {
        rows.push(await pageRow(browser, server, path.replace('RUN', run), path, machine));
      }
    }
    return rows;
  } finally {
    await browser.close();
  }
}

async function demoRun(baseUrl: string, apiKey: string): Promise<string> {
  const client = createClient({ baseUrl, apiKey });
  const prompts = Array.from({ length: IMAGES }, (_, at) => `A lighthouse on a cliff, view ${at}`);
  const settings = { models: ['demo'], size: '512x512' };
  const { run } = await client.runs.create({ prompts, settings, approve: true });
  await client.runs.wait(run);
  return run;
}

interface Figures {
  readonly first: number;
  readonly largest: number;
  readonly blocked: number;
  readonly moved: number;
  readonly requests: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly all: number;
}

async function pageRow(
  browser: Browser,
  server: { readonly url: string; readonly secret: string },
  path: string,
  shown: string,
  machine: Machine,
): Promise<Row> {
  const rounds: Figures[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = await browser.newContext({ viewport: MACHINES[machine].viewport });
    if (shown !== '/sign-in') await signIn(context, server);
    rounds.push(await figuresOf(context, `${server.url}${path}`, MACHINES[machine].slower));
    await context.close();
  }
  const middle = (of: keyof Figures) =>
    figure(rounds.map((each) => each[of]).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!);
  return {
    page: shown,
    on: machine,
    'first paint ms': middle('first'),
    'largest paint ms': middle('largest'),
    'blocked ms': middle('blocked'),
    moved: middle('moved'),
    requests: middle('requests'),
    'script kB packed': middle('packed'),
    'script kB': middle('unpacked'),
    'all kB': middle('all'),
  };
}

/** Written as text: this program knows no `document`. */
const WATCH = `
  window.figures = { largest: 0, moved: 0, blocked: 0 };
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) figures.largest = entry.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) figures.moved += entry.value; })
    .observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) figures.blocked += Math.max(0, entry.duration - 50); })
    .observe({ type: 'longtask', buffered: true });`;

const READ = `(() => {
  const files = performance.getEntriesByType('resource');
  const scripts = files.filter(({ name }) => /\\.js$/.test(new URL(name).pathname));
  const sum = (list, of) => list.reduce((total, each) => total + each[of], 0) / 1024;
  const [page] = performance.getEntriesByType('navigation');
  return {
    ...figures,
    first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    requests: files.length + 1,
    packed: sum(scripts, 'encodedBodySize'),
    unpacked: sum(scripts, 'decodedBodySize'),
    all: sum([...files, page], 'encodedBodySize'),
  };
})()`;

async function figuresOf(context: BrowserContext, url: string, slower: number): Promise<Figures> {
  const page: Page = await context.newPage();
  await page.addInitScript(WATCH);
  const meter = await context.newCDPSession(page);
  await meter.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.goto(url);
  await page.getByRole('heading').first().waitFor();
  // Streams stay open, so that the network is never still; what comes within two seconds counts.
  await page.waitForTimeout(2_000);
  return await page.evaluate<Figures>(READ);
}
