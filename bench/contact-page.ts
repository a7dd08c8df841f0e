import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CDPSession, Page } from 'playwright-core';
import sharp from 'sharp';
import { paint } from '../src/engine/vendors/demo-painter/paint.ts';
import { openBrowser, WITHOUT_BROWSER } from '../test/support/browser.ts';
import { inChild } from './in-child.ts';
import type { MakeContactPageInput, MakeContactPageOutput } from './jobs/make-contact-page.ts';
import { scratchFolder } from './scratch-folder.ts';
import { figure, type Section } from './section.ts';

const SIDE = 1024;
const MANY = 10_000;
const PROMPTS = [
  'A white lighthouse on a cliff above a stormy sea at sunset',
  'Snowy mountains over a still lake at sunset, a small sailboat',
  'City skyline at night after rain, neon signs mirrored in wet streets',
  'Product photo of an amber perfume bottle on a stone plinth',
];
/** A frame that takes longer is felt. */
const LONG_MS = 50;
/** A frame of a brisk wheel, and of a bar that is dragged. */
const PACES = [200, 2_000];
const FRAMES = 240;

type Row = Section['rows'][number];

/** Making the contact sheet's page, and scrolling through it in a browser. */
export async function contactPage(seed: number): Promise<Section> {
  await using scratch = await scratchFolder();
  const jpeg = await paintPictures(scratch.path, 'jpeg', seed);
  const png = await paintPictures(scratch.path, 'png', seed);
  const many = join(scratch.path, 'many');
  return {
    title: `Contact sheet as a page, images of ${SIDE}x${SIDE}`,
    how: [
      'Each image is read from the disk, its thumbnail of 360 pixels made, flushed and named.',
      `Scrolling: ${FRAMES} frames of so many pixels each through ${MANY} images, then to the end.`,
      'A frame is long when the next comes more than 50 ms later; nodes are those of the whole page.',
      'Busy: time of the page’s own thread, of the 16.7 ms that a frame has; other work on the machine is not in it.',
      ...(WITHOUT_BROWSER === undefined ? [] : [`Not scrolled: ${WITHOUT_BROWSER}.`]),
    ],
    rows: [
      await make('1,000 PNG', join(scratch.path, 'png'), 1_000, png),
      await make('1,000 JPEG', join(scratch.path, 'jpeg'), 1_000, jpeg),
      await make('10,000 JPEG', many, MANY, jpeg),
      await make('10,000 again, nothing new', many, MANY, jpeg),
      ...(WITHOUT_BROWSER === undefined ? await scroll(many) : []),
    ],
  };
}

async function paintPictures(
  folder: string,
  format: 'png' | 'jpeg',
  seed: number,
): Promise<string[]> {
  return await Promise.all(
    PROMPTS.map(async (prompt, at) => {
      const { data, width, height } = paint({
        prompt,
        width: SIDE,
        height: SIDE,
        quality: 'medium',
        seed: seed + at,
      });
      const path = join(folder, `${at}.${format}`);
      const raw = { width, height, channels: 3 } as const;
      await writeFile(path, await sharp(data, { raw }).toFormat(format).toBuffer());
      return path;
    }),
  );
}

async function make(
  what: string,
  outFolder: string,
  images: number,
  pictures: readonly string[],
): Promise<Row> {
  const input: MakeContactPageInput = { outFolder, images, pictures, width: SIDE, height: SIDE };
  const { output, peakMegabytes, cpuSeconds } = await inChild<MakeContactPageOutput>(
    'make-contact-page',
    input,
  );
  return {
    what,
    thumbnails: output.thumbnails,
    seconds: figure(output.seconds),
    'images/s': figure(images / output.seconds),
    'cpu ms an image': figure((cpuSeconds / images) * 1000),
    'peak MB': figure(peakMegabytes),
  };
}

async function scroll(folder: string): Promise<Row[]> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const started = performance.now();
    await page.goto(pathToFileURL(join(folder, 'contact-sheet.html')).href);
    await page.waitForSelector('.tile img.loaded');
    const openedMs = performance.now() - started;
    const rows: Row[] = [{ what: 'opened, first picture seen', seconds: figure(openedMs / 1000) }];
    for (const pixels of PACES) rows.push(await scrollBy(page, 'sheet', pixels));
    rows.push(await scrollBy(page, 'compare', PACES[0]!));
    return rows;
  } finally {
    await browser.close();
  }
}

async function scrollBy(page: Page, view: string, pixels: number): Promise<Row> {
  await page.goto(`${page.url().replace(/#.*/, '')}#view=${view}`);
  await page.waitForSelector('.tile img.loaded');
  const meter = await page.context().newCDPSession(page);
  // Time of the page's own thread, whatever else the machine is busy with.
  await meter.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await busySeconds(meter);
  const { gaps, nodes } = await page.evaluate(
    async ({ pixels, frames }) => {
      const { document } = globalThis as unknown as BrowserWorld;
      const scroller = document.querySelector('#scroller');
      const frame = () =>
        new Promise<number>((done) =>
          (globalThis as unknown as BrowserWorld).requestAnimationFrame(done),
        );
      const times = [];
      let most = 0;
      let last = await frame();
      for (let turn = 0; turn <= frames; turn += 1) {
        scroller.scrollTop = turn === frames ? scroller.scrollHeight : turn * pixels;
        const now = await frame();
        times.push(now - last);
        last = now;
        most = Math.max(most, document.querySelectorAll('*').length);
      }
      return { gaps: times.sort((a, b) => a - b), nodes: most };
    },
    { pixels, frames: FRAMES },
  );
  const busy = (await busySeconds(meter)) - before;
  return {
    what: `scrolled, ${pixels} pixels a frame${view === 'sheet' ? '' : ', side by side'}`,
    'busy ms a frame': figure((busy * 1000) / gaps.length),
    'median ms': figure(gaps[Math.floor(gaps.length / 2)]!),
    '99 % ms': figure(gaps[Math.floor(gaps.length * 0.99)]!),
    'longest ms': figure(gaps.at(-1)!),
    'long frames': gaps.filter((gap) => gap > LONG_MS).length,
    'most nodes': nodes,
  };
}

async function busySeconds(meter: CDPSession): Promise<number> {
  const { metrics } = await meter.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
}

/** As much of a browser as is used in it; the program itself knows none. */
interface BrowserWorld {
  readonly document: {
    querySelector(selector: string): { scrollTop: number; readonly scrollHeight: number };
    querySelectorAll(selector: string): { readonly length: number };
  };
  requestAnimationFrame(told: (at: number) => void): number;
}
