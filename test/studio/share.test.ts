/** The page for a client's approval, and the dialog that makes its link. */
import type { Browser, Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openBrowser, WITHOUT_BROWSER } from '../support/browser.ts';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { newRun, untilRun } from '../support/service-run.ts';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  type Shown,
  type Width,
  WIDTHS,
} from '../support/studio.ts';

const PROMPTS = ['a red boat', 'a blue boat', 'a green boat', 'a house by the sea'];

async function sharedRun({ call }: LiveServer, terms: Readonly<Record<string, unknown>> = {}) {
  const settings = { models: ['demo'], size: '128x128' };
  const run = await newRun(call, { prompts: PROMPTS, settings, title: 'Boats' });
  await untilRun(call, run);
  const answer = await call('POST', `/v1/runs/${run}/shares`, { body: terms });
  const { link, share } = (await answer.json()) as { link: string; share: string };
  return { run, share, path: new URL(link).pathname + new URL(link).hash };
}

/** A browser that was never here. */
async function visitor(
  server: LiveServer,
  { width = 'desktop', theme = 'light' }: { width?: Width; theme?: Shown } = {},
) {
  const browser: Browser = await openBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({
    viewport: WIDTHS[width],
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...(width === 'phone' && { hasTouch: true, isMobile: true }),
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const open = async (path: string) => {
    await page.goto(new URL(path, server.url).href);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  return { page, context, complaints, open };
}

async function sayName(page: Page) {
  await page.getByLabel('Your name').fill('Mara');
  await page.getByRole('button', { name: 'Go on' }).click();
}

describe.skipIf(WITHOUT_BROWSER)('a shared page', () => {
  test.each<[Width, Shown]>([
    ['desktop', 'light'],
    ['desktop', 'dark'],
    ['phone', 'light'],
    ['phone', 'dark'],
  ])('is looked at and marked to its end (%s, %s)', async (width, theme) => {
    const server = await liveServer();
    const { run, path } = await sharedRun(server, { title: 'Boats, first round' });
    const { page, open, complaints } = await visitor(server, { width, theme });
    await open(path);
    await page.getByText('0 of 4 decided').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('button', { name: 'Approve Image 1' }).click();
    await expectAccessible(page);
    await sayName(page);
    await page.getByText('1 of 4 decided').waitFor();
    await page.getByRole('button', { name: 'Open Image 2' }).click();
    const viewer = page.getByRole('dialog', { name: 'Image 2' });
    await viewer.getByLabel('Note').fill('Less blue');
    await viewer.getByRole('button', { name: 'Reject' }).click();
    await viewer.getByRole('button', { name: 'Rejected' }).waitFor();
    await expectAccessible(page);
    await viewer.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Approve Image 3' }).click();
    await page.getByRole('button', { name: 'Approve Image 4' }).click();
    await page.getByText('All 4 are decided. Thank you').waitFor();
    await expectAccessible(page);
    const told = async () => {
      const list = await server.call('GET', `/v1/runs/${run}/shares`);
      return ((await list.json()) as { data: unknown[] }).data[0];
    };
    await expect.poll(told).toMatchObject({ approved: 3, rejected: 1, noted: 1 });
    expect(complaints).toEqual([]);
  });

  test('is marked by the keyboard alone, and is the same after it was loaded again', async () => {
    const server = await liveServer();
    const { path } = await sharedRun(server, { shows_prompts: true });
    const { page, open } = await visitor(server);
    await open(path);
    await page.getByRole('button', { name: 'Open Image 1' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Image 1' }).waitFor();
    await page.getByText('a red boat').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'Image 2' }).waitFor();
    await page.keyboard.press('a');
    await page.getByLabel('Your name').fill('Mara');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Approved' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'Image 3' }).waitFor();
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Rejected' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('2 of 4 decided').waitFor();
    // The cookie opens it now, without the secret.
    await open(path.split('#')[0]!);
    await page.getByText('2 of 4 decided').waitFor();
    await page.getByRole('radio', { name: 'To decide 2' }).click();
    await expect.poll(() => page.getByRole('article').count()).toBe(2);
  });

  test('goes from image to image by swiping', async () => {
    const server = await liveServer();
    const { path } = await sharedRun(server);
    const { page, open } = await visitor(server, { width: 'phone' });
    await open(path);
    await page.getByRole('button', { name: 'Open Image 1' }).click();
    const box = (await page.getByRole('dialog', { name: 'Image 1' }).boundingBox())!;
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x?: number) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: x === undefined ? [] : [{ x, y: box.y + box.height / 2 }],
      });
    await touch('touchStart', 300);
    await touch('touchMove', 120);
    await touch('touchEnd');
    await page.getByRole('dialog', { name: 'Image 2' }).waitFor();
  });

  test('says why there is nothing to see: cut, revoked, offline', async () => {
    const server = await liveServer();
    const { run, share, path } = await sharedRun(server);
    const { page, open } = await visitor(server);
    await open(path.slice(0, -5));
    await page.getByRole('heading', { name: 'This link is not whole' }).waitFor();
    await expectAccessible(page);
    const whole = await visitor(server);
    await whole.open(path);
    await whole.page.getByText('0 of 4 decided').waitFor();
    await whole.context.setOffline(true);
    await whole.page.getByText('You are offline').waitFor();
    await whole.context.setOffline(false);
    await whole.page.getByText('You are offline').waitFor({ state: 'detached' });
    await server.call('DELETE', `/v1/runs/${run}/shares/${share}`);
    await whole.page.reload();
    await whole.page.getByRole('heading', { name: 'not shared any more' }).waitFor();
    await expectAccessible(whole.page);
  });
});
