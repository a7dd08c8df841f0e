/** A run's page: its images as they come, and what may be done with it. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import { DEMO, newRun, seenRun, untilRun } from '../support/service-run.ts';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  type Shown,
  studio,
  studioOf,
  type Width,
} from '../support/studio.ts';

const PAID = { models: ['gpt-image-2'], refusal_breaker: 'off' } as const;
const PROMPTS = ['a boat', 'a bad boat', 'a lake', 'a river', 'a bridge'];

const tiles = (page: Page) => page.getByRole('gridcell');
const tab = (page: Page, name: RegExp) => page.getByRole('tab', { name });

describe.skipIf(WITHOUT_BROWSER)('a run', () => {
  test.each<[Width, Shown]>([
    ['desktop', 'light'],
    ['phone', 'dark'],
  ])('shows its images, problems, lanes, events and results (%s, %s)', async (width, theme) => {
    const { server, page, open, complaints } = await studio({
      width,
      theme,
      vendors: { refusals: { pattern: 'bad' } },
    });
    await server.call('PATCH', '/v1/workspaces/local', { body: { images_per_hour: 200 } });
    const run = await newRun(server.call, { prompts: PROMPTS, settings: PAID });
    await untilRun(server.call, run);
    await open(`/runs/${run}`);
    await expect.poll(() => tiles(page).count()).toBe(5);
    await page.getByRole('gridcell', { name: /Row 2.*refused/ }).waitFor();
    await page.getByText('5 in all').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await tab(page, /Problems \(1\)/).click();
    await page.getByText(/Row 2\.1: a bad boat/).waitFor();
    await expectAccessible(page);
    await tab(page, /Lanes/).click();
    await page.getByRole('region', { name: 'This workspace' }).getByRole('meter').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await tab(page, /Events/).click();
    await page.getByText(/Planned: 5 images/).waitFor();
    await expectAccessible(page);
    await tab(page, /Results/).click();
    await page.getByRole('button', { name: 'Make a ZIP archive' }).click();
    await page.getByRole('link', { name: /\.zip/ }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    expect(complaints).toEqual([]);
  });

  test('fills while it is made, in two tabs at once', async () => {
    const { server, page, open } = await studio();
    const second = await studioOf(server);
    const run = await newRun(server.call, { prompts: PROMPTS, settings: DEMO, approve: false });
    await server.call('POST', `/v1/runs/${run}/pause`);
    const state = (await seenRun(server.call, run)).state;
    await open(`/runs/${run}`);
    await second.open(`/runs/${run}`);
    if (state === 'paused') await page.getByRole('button', { name: 'Resume' }).click();
    for (const each of [page, second.page]) {
      await expect
        .poll(() => each.getByRole('gridcell', { name: /delivered/ }).count(), { timeout: 20_000 })
        .toBe(5);
    }
  });

  test('is renamed, bounded, approved and cancelled', async () => {
    const { server, page, open, complaints } = await studio();
    const run = await newRun(server.call, { prompts: PROMPTS, settings: PAID, approve: false });
    await untilRun(server.call, run, 'awaiting_approval');
    await open(`/runs/${run}`);
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('Title').fill('Harbour');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Harbour', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Change bounds…' }).click();
    await page.getByLabel('Most credits').fill('100');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await seenRun(server.call, run)).budget).toBe(100);
    await page.getByRole('button', { name: 'Approve…' }).click();
    await page.getByText(/5 images are to be made/).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Not now' }).click();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Cancel run…' }).click();
    await page.getByText('5 images not made, at no cost.').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await untilRun(server.call, run, 'cancelled');
    expect(complaints).toEqual([]);
  });

  test('goes through its images by the keyboard', async () => {
    const { server, page, open } = await studio();
    const prompts = Array.from({ length: 12 }, (_, at) => `a boat ${at}`);
    const run = await newRun(server.call, { prompts, settings: DEMO });
    await untilRun(server.call, run);
    await open(`/runs/${run}`);
    await tiles(page).first().waitFor();
    await tiles(page).first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.getByText('1 chosen').waitFor();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText(/[5-9] chosen/).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByText(/chosen/).waitFor({ state: 'detached' });
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Image' }).getByText('a boat 0').first().waitFor();
    await page.getByText('Attempt 1').first().waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('finds images by words and state, and keeps that in its address', async () => {
    const { server, page, open } = await studio({ vendors: { refusals: { pattern: 'bad' } } });
    const run = await newRun(server.call, { prompts: PROMPTS, settings: PAID });
    await untilRun(server.call, run);
    await open(`/runs/${run}`);
    await page.getByLabel('Search in prompts').fill('boat');
    await expect.poll(() => tiles(page).count()).toBe(2);
    await page.getByRole('button', { name: /1 refused/ }).click();
    await expect.poll(() => tiles(page).count()).toBe(1);
    await page.reload();
    await expect.poll(() => tiles(page).count()).toBe(1);
    await page.getByLabel('Search in prompts').fill('lake');
    await page.getByRole('button', { name: 'Show all images' }).click();
    await page.getByRole('radio', { name: 'Rows with their prompts' }).click();
    await page.getByRole('rowheader', { name: /a bridge/ }).waitFor();
    await expectAccessible(page);
  });

  test('makes again what was refused, and says its price before', async () => {
    const { server, page, open } = await studio({ vendors: { refusals: { pattern: 'bad' } } });
    const run = await newRun(server.call, { prompts: PROMPTS, settings: PAID });
    await untilRun(server.call, run);
    await open(`/runs/${run}?tab=problems`);
    await page.getByRole('button', { name: 'With other words…' }).click();
    await page.getByLabel('New prompt').fill('a good boat');
    await page.getByRole('button', { name: /Make 1 again · [\d.]+ credits/ }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: /Make 1 again/ }).click();
    await page.getByText('Nothing went wrong').waitFor({ timeout: 20_000 });
  });
});
