/** Reviewing the images of a run in the studio. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import type { LiveServer } from '../support/live-server.ts';
import { DEMO, itemsOf, newRun, untilRun } from '../support/service-run.ts';
import { expectAccessible, expectNoSidewaysScroll, studio, type Width } from '../support/studio.ts';

/** Many of them are made at a time on a busy machine. */
const SLOW = { timeout: 120_000 };

async function madeRun({ call }: LiveServer, count = 2): Promise<string> {
  const prompts = ['a red boat on a lake', 'a fox in the snow'];
  const run = await newRun(call, { prompts, title: 'Spring boats', settings: { ...DEMO, count } });
  await untilRun(call, run);
  return run;
}

/** What the server has of each image: `keep 3 crisp`. */
async function saidOf({ call }: LiveServer, run: string): Promise<string[]> {
  const items = (await itemsOf(call, run)) as unknown as {
    review: { verdict: string | null; stars: number; note: string | null } | null;
  }[];
  return items.map(({ review }) =>
    review === null
      ? ''
      : [review.verdict ?? 'open', review.stars, review.note].filter(Boolean).join(' '),
  );
}

const current = (page: Page) =>
  page.getByRole('listbox', { name: 'Images' }).getByRole('option', { selected: true });

describe.skipIf(WITHOUT_BROWSER)('a review', () => {
  test('is done with the keyboard alone, and undone', SLOW, async () => {
    const { server, page, open, complaints } = await studio();
    const run = await madeRun(server);
    await open(`/runs/${run}/review`);
    await expect.poll(() => current(page).getAttribute('aria-posinset')).toBe('1');
    await page.keyboard.press('k');
    await expect.poll(() => current(page).getAttribute('aria-posinset')).toBe('2');
    await page.keyboard.press('3');
    await page.keyboard.press('x');
    await page.getByText('2 of 4 decided').waitFor();
    await expect.poll(() => saidOf(server, run)).toEqual(['keep', 'reject 3', '', '']);
    await page.keyboard.press('n');
    await page.getByLabel('What is to be said of it').fill('too dark');
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => saidOf(server, run)).toEqual(['keep', 'reject 3', 'open too dark', '']);
    await page.keyboard.press('z');
    await page.keyboard.press('z');
    await page.getByText('1 of 4 decided').waitFor();
    await expect.poll(() => saidOf(server, run)).toEqual(['keep', 'open 3', '', '']);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // The keys come back a moment after the dialog has gone.
    const leave = async () => {
      await page.keyboard.press('Escape');
      return page.url();
    };
    await expect.poll(leave, { timeout: 30_000 }).toMatch(new RegExp(`/runs/${run}$`));
    expect(complaints).toEqual([]);
  });

  test('compares the images of a row, and keeps the winner', SLOW, async () => {
    const { server, page, open, complaints } = await studio();
    const run = await madeRun(server);
    await open(`/runs/${run}/review`);
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('region', { name: 'Compare' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('2');
    await expect.poll(() => saidOf(server, run)).toEqual(['reject', 'keep', '', '']);
    await expect.poll(() => current(page).getAttribute('aria-posinset')).toBe('3');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => saidOf(server, run)).toEqual(['', '', '', '']);
    expect(complaints).toEqual([]);
  });

  test(
    'says the same of many in a grid, filters, and is followed in another tab',
    SLOW,
    async () => {
      const { server, page, context, open, complaints } = await studio();
      const run = await madeRun(server);
      await open(`/runs/${run}/review`);
      const other = await context.newPage();
      await other.goto(`${server.url}/runs/${run}/review`);
      await other.getByText('0 of 4 decided').waitFor();
      await page.getByRole('radio', { name: 'Grid' }).click();
      const tiles = page.getByRole('listbox', { name: 'Images' }).getByRole('option');
      await tiles.first().click();
      await tiles.nth(2).click({ modifiers: ['Shift'] });
      await page.getByText('3 selected').waitFor();
      await page.getByRole('button', { name: 'Reject' }).click();
      await page.getByText('3 of 4 decided').waitFor();
      await expect.poll(() => saidOf(server, run)).toEqual(['reject', 'reject', 'reject', '']);
      await other.getByText('3 of 4 decided').waitFor();
      await page.getByRole('button', { name: /Show|All 4/ }).click();
      await page.getByRole('option', { name: 'Undecided 1' }).click();
      await expect.poll(() => tiles.count()).toBe(1);
      await page.getByRole('button', { name: 'Filters' }).click();
      await page.getByLabel('Words in the prompt').fill('lake');
      await page.getByText('No image is like that').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Show all images' }).click();
      await expect.poll(() => tiles.count()).toBe(4);
      expect(complaints).toEqual([]);
    },
  );

  test('has a place for a run without images, and one for none', SLOW, async () => {
    const { server, page, open } = await studio();
    const run = await newRun(server.call, {
      approve: false,
      settings: { models: ['gpt-image-2'] },
    });
    await open(`/runs/${run}/review`);
    await page.getByText('There is nothing to review yet').waitFor();
    await page.goto(`${server.url}/runs/nowhere/review`);
    await page.getByRole('alert').waitFor();
  });

  test.each<Width>(['desktop', 'phone'])('can be used by everybody (%s)', SLOW, async (width) => {
    const { server, page, open, complaints } = await studio({ width });
    const run = await madeRun(server, 1);
    const look = async () => {
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page);
      }
      await expectNoSidewaysScroll(page);
    };
    await open(`/runs/${run}/review`);
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.getByText('1 of 2 decided').waitFor();
    await look();
    await page.getByRole('button', { name: 'Add a note' }).click();
    await page.getByLabel('What is to be said of it').waitFor();
    // On a phone axe does not take the dialog for one that covers the page, and misses the page's heading.
    if (width === 'desktop') await look();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('radio', { name: 'Grid' }).click();
    await page.getByText('Nothing selected').waitFor();
    await look();
    expect(complaints).toEqual([]);
  });
});
