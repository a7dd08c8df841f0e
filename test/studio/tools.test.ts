/** Image tools: pictures in, tried on one, worked on, and out again. */
import { createClient } from '../../src/api/client/index.ts';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import type { LiveServer } from '../support/live-server.ts';
import { paintPicture } from '../support/pictures.ts';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  type Shown,
  studio,
  type Width,
} from '../support/studio.ts';

/** Jobs wait for a worker thread to start. */
const SOON = { timeout: 20_000 };

async function demoRun({ url, secret }: LiveServer, prompts: readonly string[]) {
  const client = createClient({ baseUrl: url, apiKey: secret });
  const { run } = await client.runs.create({
    prompts: [...prompts],
    settings: { models: ['demo'], size: '256x256' },
    approve: true,
  });
  await client.runs.wait(run);
  const { data } = await client.items.list(run);
  return { client, run, items: data.map(({ item }) => item) };
}

async function painted(name: string, side: number) {
  return { name, mimeType: 'image/png', buffer: Buffer.from(await paintPicture(side, side)) };
}

const noPicture = { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') };

async function chooseFiles(page: Page, files: Awaited<ReturnType<typeof painted>>[]) {
  await page.locator('input[type=file]').first().setInputFiles(files);
}

const tried = (page: Page) => page.getByLabel('This picture').waitFor(SOON);

describe.skipIf(WITHOUT_BROWSER)('image tools', () => {
  test('files are tried, converted, looked at and fetched as a ZIP', async () => {
    const { page, open, complaints, context, server } = await studio();
    await open('/tools?tool=convert');
    await page.getByText('No jobs yet').waitFor();
    await chooseFiles(page, [
      await painted('one.png', 96),
      await painted('two.png', 64),
      noPicture,
    ]);
    await tried(page);
    await page.getByText('96×96').waitFor();
    await page.getByRole('radio', { name: 'AVIF' }).click();
    await page.getByText('avif 82').waitFor();
    await page.getByRole('button', { name: 'Next picture (N)' }).click();
    await page.getByText('64×64').waitFor(SOON);
    await expect.poll(() => page.getByLabel('Forecast').textContent()).toContain('All 3');
    await page.getByRole('button', { name: 'Convert 3 pictures · free' }).click();
    const zip = page.getByRole('link', { name: 'ZIP' });
    await zip.waitFor(SOON);
    const job = page.getByRole('listitem', { name: 'Convert to AVIF' });
    await job.getByText('1 failed').waitFor();
    await job.getByText('notes.png').waitFor();
    await job.getByRole('link', { name: 'Download one.avif' }).waitFor();
    const archive = await context.request.get(
      new URL((await zip.getAttribute('href')) ?? '', server.url).href,
    );
    expect(archive.headers()['content-type']).toBe('application/zip');
    // Another tab shows the same.
    const second = await context.newPage();
    await second.goto(`${server.url}/tools`);
    await second.getByRole('listitem', { name: 'Convert to AVIF' }).getByText('1 failed').waitFor();
    expect(complaints).toEqual([]);
  });

  test('the keyboard alone goes from a selection to its results', async () => {
    const { page, open, complaints, server } = await studio();
    const { run, items } = await demoRun(server, ['a boat', 'a house', 'a tree']);
    await open('/tools');
    const kept = JSON.stringify([items[2], items[0]]);
    await page.evaluate(`sessionStorage.setItem('imagemill-selection-${run}', '${kept}')`);
    await open(`/tools?run=${run}&tool=crop`);
    await page.getByText('The selection · 2').first().waitFor();
    await tried(page);
    await page.keyboard.press('n');
    await page.getByText('2 of 2').waitFor();
    await page.getByRole('textbox', { name: 'Width' }).focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('64');
    await page.keyboard.press('Tab');
    await page.getByText('resize 64x1024 cover').waitFor();
    await page.getByRole('tab', { name: 'Resize and crop' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('textbox', { name: 'Recipe' }).waitFor();
    await page.getByRole('button', { name: 'Finish 2 pictures · free' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'ZIP' }).waitFor(SOON);
    const files = page.getByRole('list', { name: 'New files' });
    await files.waitFor();
    // Two pictures, each with its thumbnail file.
    expect(await files.getByRole('listitem').count()).toBe(4);
    expect(complaints).toEqual([]);
  });

  test('what was kept is checked, and each finding leads to its image', async () => {
    const { page, open, complaints, server } = await studio();
    const { client, run, items } = await demoRun(server, ['a boat', 'a house']);
    await client.reviews.put(run, items[1]!, { verdict: 'keep' });
    await open(`/tools?run=${run}&review=kept&tool=check`);
    await page.getByText('Kept · 1').first().waitFor();
    await page.getByRole('textbox', { name: 'Size that all should have' }).fill('300x300');
    await page.getByRole('button', { name: 'Check 1 picture · free' }).click();
    const found = page.getByRole('grid', { name: 'Findings' });
    await found.waitFor(SOON);
    await found.getByText('256x256 for 300x300').waitFor();
    const link = found.getByRole('link', { name: 'row 2' });
    expect(await link.getAttribute('href')).toContain(`/runs/${run}?item=${items[1]}`);
    expect(complaints).toEqual([]);
  });

  test('a recipe tells what is wrong with it, and works once it is right', async () => {
    const { page, open, complaints } = await studio();
    await open('/tools?tool=recipe');
    await chooseFiles(page, [await painted('one.png', 48)]);
    const recipe = page.getByRole('textbox', { name: 'Recipe' });
    await recipe.fill('fly; webp');
    await page.getByText('There is no such step').waitFor();
    expect(await page.getByRole('button', { name: /^Finish/ }).isDisabled()).toBe(true);
    await recipe.fill('big: upscale 2x lanczos; webp 82 | tiny: resize 16x16; jpeg 70');
    await page.getByText('48×48 → 96×96').waitFor(SOON);
    await page.getByRole('radio', { name: 'tiny' }).click();
    await page.getByText('48×48 → 16×16').waitFor(SOON);
    expect(complaints).toEqual([]);
  });

  test('a file says what it is', async () => {
    const { page, open, complaints, server } = await studio();
    const { run } = await demoRun(server, ['a red boat']);
    await open(`/tools?run=${run}&tool=inspect`);
    await page.getByText('a red boat', { exact: true }).first().waitFor(SOON);
    await page.getByRole('heading', { name: 'Content credentials none' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: /^XMP/ }).click();
    await page.getByText('imagemill:Prompt').or(page.getByText('imagemill:')).first().waitFor();
    expect(complaints).toEqual([]);
  });

  test.each<[Width, Shown]>([
    ['desktop', 'light'],
    ['desktop', 'dark'],
    ['phone', 'light'],
    ['phone', 'dark'],
  ])('can be used by everybody (%s, %s)', async (width, theme) => {
    const { page, open, complaints, server } = await studio({ width, theme });
    await open('/tools');
    await page.getByText('No jobs yet').waitFor();
    await expectAccessible(page);
    const { run } = await demoRun(server, ['a boat', 'a house']);
    await open(`/tools?run=${run}&tool=crop`);
    await page.getByRole('button', { name: 'Add a size' }).click();
    await tried(page);
    await page.getByRole('button', { name: 'Resize 2 pictures · free' }).click();
    await page.getByRole('list', { name: 'New files' }).waitFor(SOON);
    await page.getByRole('link', { name: 'ZIP' }).waitFor(SOON);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('radio', { name: 'Table' }).click();
    await page.getByRole('grid', { name: 'New files' }).waitFor();
    await page.getByRole('tab', { name: 'Mark' }).click();
    await page.getByRole('textbox', { name: 'Vendor' }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    expect(complaints).toEqual([]);
  });
});
