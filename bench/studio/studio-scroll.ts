/** A run of 20,000 images, scrolled in a real browser from top to bottom, beside a page with nothing in it. */
import { readFile } from 'node:fs/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { openBrowser, WITHOUT_BROWSER } from '../../test/support/browser.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { figure, type Section } from '../section.ts';
import { startServer } from '../service/start-server.ts';
import { writeLongRun } from './long-run.ts';
import { signIn } from './sign-in.ts';

const IMAGES = 20_000;
const PICTURES = 200;
const VIEWPORT = { width: 1440, height: 900 };
/** Pixels a frame: a brisk wheel, a fast one, and a bar that is dragged to the end. */
const PACES = [60, 240, 1_500];
const FRAMES = 600;
/** Two frames of a screen that shows 60 a second: one was left out. */
const DROPPED_MS = 25;
const MEGABYTE = 1024 * 1024;

type Row = Section['rows'][number];

export async function studioScroll(): Promise<Section> {
  const rows = WITHOUT_BROWSER === undefined ? await measure() : [];
  return {
    title: `The studio's contact sheet of ${IMAGES.toLocaleString('en-US')} images, scrolled`,
    how: [
      `${VIEWPORT.width}x${VIEWPORT.height}, without a graphics card; ${PICTURES} pictures of 512x512 that the images share, each under an`,
      'address of its own. Server and browser share the machine; thumbnails are made when they are first asked for.',
      `Each pace: ${FRAMES} frames or to the bottom. Nothing: an empty page of the same height, before and after.`,
      'Dropped: frames of more than 25 ms. Long tasks: of more than 50 ms. Busy: the page’s own thread.',
      'Renderer MB: the page’s whole process, the most that was seen; heap MB: its scripts, at the end.',
      ...(WITHOUT_BROWSER === undefined ? [] : [`Not measured: ${WITHOUT_BROWSER}.`]),
    ],
    rows,
  };
}

async function measure(): Promise<Row[]> {
  await using scratch = await scratchFolder();
  const run = await writeLongRun({ home: scratch.path, images: IMAGES, pictures: PICTURES });
  await using server = await startServer({
    home: scratch.path,
    baseUrl: 'http://127.0.0.1:9',
    concurrency: 4,
  });
  const browser = await openBrowser();
  try {
    const context = await browser.newContext({ viewport: VIEWPORT });
    await signIn(context, server);
    const page = await context.newPage();
    const rows = [await openRun(page, `${server.url}/runs/${run}`)];
    const height = await page.evaluate<number>('document.documentElement.scrollHeight');
    const empty = await browser.newPage({ viewport: VIEWPORT });
    await empty.setContent(`<!doctype html><div style="height:${height}px"></div>`);
    for (const pace of PACES) {
      rows.push(await scroll(browser, empty, pace, 'nothing'));
      rows.push(await scroll(browser, page, pace, 'contact sheet'));
      rows.push(await scroll(browser, empty, pace, 'nothing'));
    }
    return rows;
  } finally {
    await browser.close();
  }
}

/** Written as text: this program knows no `document`. */
const OPENED = `(() => {
  const files = performance.getEntriesByType('resource');
  const scripts = files.filter(({ name }) => /\\.js$/.test(new URL(name).pathname));
  return {
    first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    thumbnail: performance.now(),
    script: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1024,
  };
})()`;

const UNTIL_A_PICTURE = `new Promise((seen) => {
  const look = () => {
    const pictures = [...document.querySelectorAll('[role=gridcell] img')];
    if (pictures.some(({ naturalWidth }) => naturalWidth > 0)) seen();
    else requestAnimationFrame(look);
  };
  look();
})`;

async function openRun(page: Page, address: string): Promise<Row> {
  await page.goto(address);
  await page.evaluate(UNTIL_A_PICTURE);
  const { first, thumbnail, script } = await page.evaluate<{
    first: number;
    thumbnail: number;
    script: number;
  }>(OPENED);
  return {
    what: 'opened',
    'first paint ms': figure(first),
    'first thumbnail ms': figure(thumbnail),
    'script kB packed': figure(script),
  };
}

interface Scrolled {
  readonly gaps: readonly number[];
  readonly longTasks: number;
  readonly nodes: number;
  readonly bottom: boolean;
}

function scrolling(pace: number): string {
  return `(async () => {
    scrollTo(0, 0);
    const frame = () => new Promise(requestAnimationFrame);
    let longTasks = 0;
    const observer = new PerformanceObserver((list) => { longTasks += list.getEntries().length; });
    observer.observe({ type: 'longtask' });
    for (let turn = 0; turn < 30; turn += 1) await frame();
    longTasks = 0;
    const gaps = [];
    let nodes = 0;
    const most = document.documentElement.scrollHeight - innerHeight;
    let last = await frame();
    for (let turn = 1; turn <= ${FRAMES} && scrollY < most - 1; turn += 1) {
      scrollTo(0, turn * ${pace});
      const now = await frame();
      gaps.push(now - last);
      last = now;
      if (turn % 20 === 0) nodes = Math.max(nodes, document.querySelectorAll('*').length);
    }
    const bottom = scrollY >= most - 1;
    observer.disconnect();
    return { gaps: gaps.sort((a, b) => a - b), longTasks, nodes, bottom };
  })()`;
}

async function scroll(browser: Browser, page: Page, pace: number, what: string): Promise<Row> {
  await page.bringToFront();
  const meter = await page.context().newCDPSession(page);
  // Time of the page's own thread, whatever else the machine is busy with.
  await meter.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await metric(meter, 'TaskDuration');
  const memory = watchMemory(await rendererOf(browser, page));
  const { gaps, longTasks, nodes, bottom } = await page.evaluate<Scrolled>(scrolling(pace));
  const busy = (await metric(meter, 'TaskDuration')) - before;
  const peak = await memory.stop();
  const heap = await metric(meter, 'JSHeapUsedSize');
  await meter.detach();
  const at = (share: number) => figure(gaps[Math.floor((gaps.length - 1) * share)] ?? 0);
  return {
    what: `${what}, ${pace} px a frame${bottom ? ', to the bottom' : ''}`,
    frames: gaps.length,
    'p50 ms': at(0.5),
    'p95 ms': at(0.95),
    'longest ms': at(1),
    dropped: gaps.filter((gap) => gap > DROPPED_MS).length,
    'long tasks': longTasks,
    'busy ms a frame': figure((busy * 1000) / gaps.length),
    nodes,
    'heap MB': figure(heap / MEGABYTE),
    'renderer MB': figure(peak / MEGABYTE),
  };
}

async function metric(meter: CDPSession, wanted: string): Promise<number> {
  const { metrics } = await meter.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === wanted)?.value ?? 0;
}

/** The page's process: the one that becomes busy when the page is. Linux tells its memory. */
async function rendererOf(browser: Browser, page: Page): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const times = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer');
  };
  const before = new Map((await times()).map(({ id, cpuTime }) => [id, cpuTime]));
  await page.evaluate('{ const end = performance.now() + 300; while (performance.now() < end); }');
  const after = (await times()).map(({ id, cpuTime }) => ({
    id,
    used: cpuTime - (before.get(id) ?? 0),
  }));
  await session.detach();
  return after.toSorted((a, b) => b.used - a.used)[0]?.id ?? 0;
}

const LOOK_EVERY_MS = 200;

function watchMemory(process: number) {
  let peak = 0;
  const look = async () => {
    peak = Math.max(peak, await bytesOf(process));
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await look();
      return peak;
    },
  };
}

/** What is its own, and its share of what several have; 0 where nobody tells. */
async function bytesOf(process: number): Promise<number> {
  const text = await readFile(`/proc/${process}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024;
}
