/** The contact sheet's page in a real browser, opened from the disk as a person does. */
import { createReadStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ContactEntry } from '../../src/engine/deliver/contact-item.ts';
import { BROWSER, openBrowser, WITHOUT_BROWSER } from '../support/browser.ts';
import { itemRecord } from '../support/item-record.ts';
import { PageRun, PICTURE } from '../support/page-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let browser: Browser;

/** A tab that fails the test when the page complains, or reaches for anything but the disk. */
async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('request', (request) => {
    const isNear = request.url().startsWith(new URL('.', address).href);
    if (!isNear) troubles.push(`request of ${request.url()}`);
  });
  onTestFinished(async () => {
    await context.close();
    expect(troubles).toEqual([]);
  });
  await page.goto(address);
  return page;
}

const texts = (page: Page, selector: string) => page.locator(selector).allInnerTexts();
/** Numbers of the tiles that are shown, in their order. */
const numbers = (page: Page) => texts(page, '.tile .number');
/** Of the picture itself, whatever the room that it is shown in. */
const widthOf = (picture: Locator) =>
  picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
const largeIsOpen = (page: Page) => page.locator('#large[open]').count();

async function newRun(): Promise<PageRun> {
  return new PageRun(await temporaryFolder());
}

/** Six images of two models in several states. */
async function mixedRun(run: PageRun): Promise<ContactEntry[]> {
  const [one, two] = [{ model: 'one' }, { model: 'two' }];
  return [
    await run.delivered(1, {
      ...one,
      negativePrompt: 'people',
      seed: 77,
      row: { prompt: 'A quiet lake' },
    }),
    await run.delivered(2, { ...two, row: { prompt: 'A quiet lake' } }),
    itemRecord({
      ...one,
      state: 'refused',
      reason: 'The policy said no.',
      row: { number: 3, prompt: 'A storm' },
    }),
    await run.delivered(4, {
      ...two,
      flags: [{ kind: 'near-duplicate', row: 2, index: 1 }],
      row: { prompt: 'A storm' },
    }),
    itemRecord({
      ...one,
      state: 'failed',
      reason: 'blank',
      row: { number: 5, name: 'harbour', prompt: 'A harbour' },
    }),
    itemRecord({
      ...two,
      state: 'unknown',
      reason: 'no answer came',
      row: { number: 6, prompt: 'A field' },
    }),
  ];
}

async function openMixed(options?: BrowserContextOptions): Promise<Page> {
  const run = await newRun();
  return await open(await run.write(await mixedRun(run)), options);
}

describe.skipIf(BROWSER === undefined)(`the contact sheet's page${skipReason()}`, () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });

  test('shows every image or why there is none, and counts them', async () => {
    const page = await openMixed();
    await page.waitForSelector('.tile img.loaded');
    expect(await numbers(page)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(await texts(page, '.panel')).toEqual([
      'refused\nThe policy said no.',
      'failed\nblank',
      'unknown\nno answer came',
    ]);
    expect(await texts(page, '.badge')).toEqual(['near-duplicate of row 2']);
    expect(await texts(page, '.chip')).toEqual(
      ['delivered3', 'refused1', 'failed1', 'unknown1', 'one3', 'two3', 'near-duplicates1'].map(
        (text) => text.replace(/(\d)$/, '\n$1'),
      ),
    );
    expect(await page.locator('#totals').innerText()).toMatch(
      /^6 images · 14.4 credits · \$0.318 · /,
    );
  });

  test('filters by state, model, flag and words, and keeps that in the address', async () => {
    const page = await openMixed();
    await page.click('.chip:has-text("refused")');
    await page.click('.chip:has-text("failed")');
    expect(await numbers(page)).toEqual(['3', '5']);
    await page.fill('#search', 'STORM');
    expect(await numbers(page)).toEqual(['3']);
    expect(await page.locator('#shown').innerText()).toBe('1 of 6 shown');
    // What each button would show beside the words that are searched for.
    expect(await texts(page, '.chip .count')).toEqual(['1', '1', '0', '0', '1', '0', '0']);
    await page.reload();
    expect(await numbers(page)).toEqual(['3']);
    expect(await page.inputValue('#search')).toBe('STORM');
    await page.goto(`${page.url().replace(/#.*/, '')}#model=two&flag=near-duplicate`);
    await expect.poll(() => numbers(page)).toEqual(['4']);
    await page.fill('#search', 'nowhere');
    expect(await page.locator('#nothing').innerText()).toMatch(/^Nothing matches/);
  });

  test('sorts', async () => {
    const page = await openMixed();
    await page.selectOption('#order', 'reversed');
    expect(await numbers(page)).toEqual(['6', '5', '4', '3', '2', '1']);
    await page.selectOption('#order', 'model');
    expect(await numbers(page)).toEqual(['1', '3', '5', '2', '4', '6']);
  });

  test('tells all about an image while the pointer rests on it', async () => {
    const page = await openMixed();
    await page.hover('.tile >> nth=0');
    const card = page.locator('#card');
    await card.waitFor();
    expect(await card.innerText()).toMatch(
      /Row 1[\s\S]*A quiet lake[\s\S]*people[\s\S]*one[\s\S]*480 × 400[\s\S]*77[\s\S]*2.4 credits · \$0.053[\s\S]*1\.png/,
    );
    await page.hover('.tile >> nth=2');
    await expect.poll(() => card.innerText()).toMatch(/refused[\s\S]*The policy said no\./);
    await page.hover('h1');
    await card.waitFor({ state: 'hidden' });
  });

  test('can be used by keys alone', async () => {
    const page = await openMixed();
    await page.waitForSelector('.tile');
    const focused = () =>
      page.evaluate('document.activeElement.querySelector(".number")?.innerText');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('2');
    await page.keyboard.press('End');
    expect(await focused()).toBe('6');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    expect(await largeIsOpen(page)).toBe(1);
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#place').innerText()).toBe('2 of 6');
    await page.keyboard.press('Escape');
    expect(await largeIsOpen(page)).toBe(0);
    expect(await focused()).toBe('2');
    await page.keyboard.press('/');
    await page.keyboard.type('harbour 1');
    expect(await numbers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await numbers(page)).toHaveLength(6);
    await page.keyboard.press('Escape');
    await page.keyboard.press('2');
    expect(await numbers(page)).toEqual(['3']);
    await page.keyboard.press('0');
    expect(await numbers(page)).toHaveLength(6);
    await page.keyboard.press('c');
    expect(await texts(page, '.column')).toEqual(['one', 'two']);
  });

  test('reaches every control by Tab, and one tile of the grid', async () => {
    const page = await openMixed();
    await page.waitForSelector('.tile');
    const reached: unknown[] = [];
    for (let presses = 0; presses < 20; presses += 1) {
      await page.keyboard.press('Tab');
      const found = await page.evaluate(
        'document.activeElement === document.body ? null : document.activeElement.id || document.activeElement.className',
      );
      if (found === null) break;
      reached.push(found);
    }
    expect(reached).toEqual([
      'search',
      'order',
      'compare',
      'tile',
      'keys',
      ...Array.from({ length: 7 }, () => 'chip'),
      'tile',
    ]);
  });

  test('shows the delivered file large, with all facts, and copies them', async () => {
    const run = await newRun();
    const address = await run.write([
      await run.delivered(1, { file: '100% #1 ä?&.png', row: { prompt: 'A "quoted" lake' } }),
      await run.delivered(2),
    ]);
    const page = await open(address, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.click('.tile >> nth=0');
    const full = page.locator('#canvas .full');
    await expect.poll(() => widthOf(full)).toBe(PICTURE.width);
    expect(await page.locator('#about').innerText()).toContain('100% #1 ä?&.png');
    await page.click('#copy-prompt');
    await expect.poll(() => page.locator('#copied').innerText()).toBe('Prompt copied');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('A "quoted" lake');
    await page.click('#copy-file');
    await expect.poll(() => page.locator('#copied').innerText()).toBe('File name copied');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('100% #1 ä?&.png');
    expect(await page.locator('#previous').isDisabled()).toBe(true);
    await page.click('#next');
    expect(await page.locator('#place').innerText()).toBe('2 of 2');
    expect(await page.locator('#next').isDisabled()).toBe(true);
    await page.reload();
    expect(await page.locator('#place').innerText()).toBe('2 of 2');
  });

  test('falls back to the thumbnail where the delivered file is not beside it', async () => {
    const run = await newRun();
    const address = await run.write([await run.delivered(1)]);
    await rename(join(run.folder, '1.png'), join(run.folder, 'moved.png'));
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(address);
    await page.click('.tile');
    const note = page.locator('#canvas .note');
    await note.waitFor();
    expect(await note.innerText()).toBe('This is the thumbnail: 1.png is not beside this page.');
    expect(await page.locator('#canvas .stand-in').count()).toBe(1);
  });

  test('puts images of one prompt side by side, by model and by run', async () => {
    const run = await newRun();
    const lake = { row: { prompt: 'A lake' } };
    const address = await run.write(
      [
        await run.delivered(1, { ...lake, model: 'one' }),
        await run.delivered(2, { ...lake, model: 'two' }),
        await run.delivered(3, { row: { prompt: 'Alone' } }),
      ],
      [await run.delivered(1, { ...lake, model: 'one', file: 'other.png' })],
    );
    const page = await open(address);
    await page.waitForSelector('.column');
    expect(await texts(page, '.column')).toEqual([
      'one · Run run-1',
      'two · Run run-1',
      'one · Run run-2',
    ]);
    expect(await texts(page, '.leader .words')).toEqual(['A lake']);
    expect(await page.locator('.line .tile').count()).toBe(3);
    await page.click('.tile >> nth=0');
    expect(await texts(page, '.maker')).toHaveLength(3);
    await page.keyboard.press('3');
    expect(await page.locator('#place').innerText()).toBe('3 of 3');
  });

  test('takes what anybody wrote for text', async () => {
    const run = await newRun();
    const evil = `</script><img src=x onerror="window.isOurs = 1"><b>"'\u2028\u202Etxet 🧨`;
    const long = 'very long prompt '.repeat(2_000);
    const right = 'منظر طبيعي لبحيرة هادئة';
    const address = await run.write([
      await run.delivered(1, { row: { prompt: evil, name: evil }, model: evil }),
      await run.delivered(2, { row: { prompt: long }, negativePrompt: evil }),
      await run.delivered(3, { row: { prompt: right } }),
      itemRecord({ state: 'failed', reason: evil, row: { number: 4, prompt: evil } }),
    ]);
    const page = await open(address);
    await page.click('.tile >> nth=0');
    expect(await page.locator('#about .prompt').textContent()).toBe(evil);
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#about .prompt').textContent()).toBe(long);
    await page.keyboard.press('ArrowRight');
    expect(
      await page.evaluate(
        `getComputedStyle(document.querySelector('#about .prompt bdi')).direction`,
      ),
    ).toBe('rtl');
    expect(
      await page.evaluate('[window.isOurs ?? 0, document.querySelectorAll("b").length]'),
    ).toEqual([0, 0]);
  });

  test('keeps only what is near the view of 10,000 images, and gets to the last', async () => {
    const run = await newRun();
    const some = await Promise.all(Array.from({ length: 12 }, (_, at) => run.delivered(at + 1)));
    const entries = Array.from({ length: 10_000 }, (_, at): ContactEntry => {
      const row = { number: at + 1, line: at + 2, prompt: `image ${at + 1}`, cells: {} };
      return { ...(some[at % some.length] as ContactEntry), row } as ContactEntry;
    });
    const page = await open(await run.write(entries));
    await page.waitForSelector('.tile img.loaded');
    expect(await page.locator('#shown').innerText()).toBe('10,000 shown');
    const heights = new Set<number>();
    for (const share of [0, 0.13, 0.5, 0.77, 1]) {
      await page.evaluate(`scroller.scrollTop = scroller.scrollHeight * ${share}`);
      await expect.poll(() => page.evaluate(SEEN_IS_DRAWN)).toBe(true);
      heights.add((await page.evaluate('scroller.scrollHeight')) as number);
      const nodes = (await page.evaluate('document.querySelectorAll("*").length')) as number;
      expect(nodes).toBeLessThan(1_200);
    }
    expect(heights.size).toBe(1);
    const last = page.locator('.tile:has-text("10000")');
    expect(await last.innerText()).toContain('image 10000');
    await expect.poll(() => last.locator('img.loaded').count()).toBe(1);
    await page.fill('#search', 'image 9999');
    expect(await numbers(page)).toEqual(['9999']);
  });

  test('fits a phone without anything beside the screen', async () => {
    const page = await openMixed({ viewport: { width: 360, height: 640 }, hasTouch: true });
    await page.waitForSelector('.tile');
    await page.click('#filters-toggle');
    const width = () => page.evaluate('document.documentElement.scrollWidth');
    expect(await width()).toBe(360);
    await page.click('.tile >> nth=1');
    expect(await width()).toBe(360);
    const seen = await page.locator('#canvas .full').boundingBox();
    expect(seen?.height).toBeGreaterThan(200);
  });

  test.each(['light', 'dark'] as const)(
    'has words that can be read in the %s',
    async (colorScheme) => {
      const page = await openMixed({ colorScheme });
      await page.waitForSelector('.badge');
      await page.click('.chip:has-text("delivered")');
      await page.click('.chip:has-text("failed")');
      await page.click('.chip:has-text("refused")');
      await page.click('.chip:has-text("unknown")');
      const faint = await page.evaluate(FAINT_WORDS);
      expect(faint).toEqual([]);
    },
  );

  test('works on a web server as well', async () => {
    const run = await newRun();
    await run.write([await run.delivered(1)]);
    const server = createServer(({ url = '/' }, response) => {
      // A browser asks every server for an icon; that is none of the page's doing.
      if (url === '/favicon.ico') {
        response.writeHead(204).end();
        return;
      }
      const types = {
        js: 'text/javascript',
        html: 'text/html',
        webp: 'image/webp',
        png: 'image/png',
      };
      const type = types[url.split('.').at(-1) as keyof typeof types];
      response.setHeader('content-type', type ?? 'text/plain');
      createReadStream(join(run.folder, url))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const page = await open(`http://127.0.0.1:${port}/contact-sheet.html`);
    await page.click('.tile:has(img.loaded)');
    const full = page.locator('#canvas .full');
    await expect.poll(() => widthOf(full)).toBe(PICTURE.width);
  });

  test('says so when it came without its folder', async () => {
    const run = await newRun();
    const address = await run.write([await run.delivered(1)]);
    await rename(join(run.folder, 'contact-sheet'), join(run.folder, 'gone'));
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(address);
    await expect
      .poll(() => page.locator('#nothing').innerText())
      .toMatch(/^1 of 1 images .* folder “contact-sheet” belongs beside this page/);
  });
});

function skipReason(): string {
  return WITHOUT_BROWSER === undefined ? '' : ` (left out: ${WITHOUT_BROWSER})`;
}

/** Whether a tile is drawn in the middle of the view, or at its upper edge. */
const SEEN_IS_DRAWN = `(() => {
  const box = scroller.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + 60, box.top + Math.min(60, box.height / 2));
  return at?.closest('.line') !== null;
})()`;

/** Texts with less contrast than WCAG's AA asks for (4.5), against the nearest ground behind them. */
const FAINT_WORDS = `(() => {
  const paper = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    paper.clearRect(0, 0, 1, 1);
    paper.fillStyle = colour;
    paper.fillRect(0, 0, 1, 1);
    return [...paper.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 200) return colour;
    }
    return [255, 255, 255];
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (words.nextNode()) {
    const element = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || !element.checkVisibility() || element.closest('script,style,option')) continue;
    const [a, b] = [light(rgba(getComputedStyle(element).color)), light(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push(words.currentNode.data.slice(0, 30) + ' ' + contrast.toFixed(2));
  }
  return faint;
})()`;
