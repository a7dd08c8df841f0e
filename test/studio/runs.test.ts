/** The list of runs. */
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import { DEMO, newRun, untilRun } from '../support/service-run.ts';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  type Shown,
  studio,
  type Width,
} from '../support/studio.ts';

describe.skipIf(WITHOUT_BROWSER)('the list of runs', () => {
  test.each<[Width, Shown]>([
    ['desktop', 'dark'],
    ['phone', 'light'],
  ])('shows, finds and acts on runs (%s, %s)', async (width, theme) => {
    const { server, page, open, complaints } = await studio({ width, theme });
    await open('/runs');
    await page.getByText('No runs yet').waitFor();
    await expectAccessible(page);
    const made = await newRun(server.call, { title: 'Harbour', settings: DEMO });
    await untilRun(server.call, made);
    const paid = { models: ['gpt-image-2'] };
    const run = await newRun(server.call, { title: 'Forest', settings: paid, approve: false });
    await untilRun(server.call, run, 'awaiting_approval');
    await page.getByRole('link', { name: 'Forest' }).waitFor();
    await page.getByText('1 of 1 images').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.getByLabel('Search in titles').fill('forest');
    await page.getByRole('link', { name: 'Harbour' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Cancel Forest' }).click();
    await page.getByText('1 image not made, at no cost.').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('list', { name: 'Runs' }).getByText('cancelled').waitFor();
    await page.getByLabel('Search in titles').fill('nothing');
    await page.getByRole('button', { name: 'Show all runs' }).click();
    await page.getByRole('link', { name: 'Harbour' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Harbour', level: 1 }).waitFor();
    expect(complaints).toEqual([]);
  });
});
