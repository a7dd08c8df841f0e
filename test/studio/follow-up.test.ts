/** Making chosen images again: changed, or as finals, from the page of their run. */
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import { itemsOf, newRun, seenRun, untilRun } from '../support/service-run.ts';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  type Shown,
  type Studio,
  studio,
  type Width,
} from '../support/studio.ts';

/** A run with two of its images kept; the dialog opens from the review of it. */
async function keptRun({ server: { call } }: Studio) {
  const run = await newRun(call, {
    prompts: ['a red boat', 'a blue boat', 'a green boat'],
    settings: { models: ['flux-kontext-pro'] },
    title: 'Boats',
  });
  await untilRun(call, run);
  const items = (await itemsOf(call, run)).map(({ item }) => item);
  for (const item of items.slice(0, 2)) {
    await call('PUT', `/v1/runs/${run}/items/${item}/review`, { body: { verdict: 'keep' } });
  }
  return { run, items };
}

describe.skipIf(WITHOUT_BROWSER)('making again', () => {
  test.each<[Width, Shown]>([
    ['desktop', 'light'],
    ['phone', 'dark'],
  ])('makes finals of what was kept, and says what that saves (%s, %s)', async (width, theme) => {
    const opened = await studio({ width, theme });
    const { page, open, server, complaints } = opened;
    const { run } = await keptRun(opened);
    await open(`/runs/${run}/review`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Make finals of 2 kept…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Finals of the kept' });
    await dialog.getByText('You save').waitFor();
    await dialog.getByText('Finals of 2 chosen').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await dialog.getByText('Use the draft as a reference').click();
    const make = dialog.getByRole('button', { name: /^Make 2 finals · [\d.]+ credits$/ });
    await expect.poll(() => make.isEnabled(), { timeout: 20_000 }).toBe(true);
    const before = server.simulation.bfl.bill.images;
    await make.click();
    await expect
      .poll(() => server.simulation.bfl.bill.images - before, { timeout: 30_000 })
      .toBe(2);
    const told = await seenRun(server.call, run);
    expect((told as unknown as { follow_ups: string[] }).follow_ups).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  test('changes the prompt of one image by the keyboard, and makes it again', async () => {
    const opened = await studio();
    const { page, open, server } = opened;
    const { run, items } = await keptRun(opened);
    await open(`/runs/${run}?item=${items[0]}`);
    await page.getByRole('button', { name: 'Make again…' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Make 1 image again' });
    const prompt = dialog.getByLabel('Prompt');
    await expect.poll(() => prompt.inputValue()).toBe('a red boat');
    await prompt.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' at dawn');
    await expectAccessible(page);
    const make = dialog.getByRole('button', { name: /^Make again · / });
    await expect.poll(() => make.isEnabled(), { timeout: 20_000 }).toBe(true);
    await make.focus();
    await page.keyboard.press('Enter');
    await page.getByText('They are being made again').waitFor();
    const { bill } = server.simulation.bfl;
    await expect
      .poll(() => bill.entries.at(-1)?.prompt, { timeout: 30_000 })
      .toBe('a red boat at dawn');
  });

  test('shares the run by a link that is told once, and ends it', async () => {
    const opened = await studio();
    const { page, open, complaints } = opened;
    const { run } = await keptRun(opened);
    await open(`/runs/${run}`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Share for approval…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share for approval' });
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    const link = await dialog.getByLabel('Link for your client').inputValue();
    expect(link).toMatch(/\/share\/s\w+#shr_\w{40}$/);
    await dialog.getByText('0 of 3 decided').waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await dialog.getByRole('button', { name: 'Revoke for good' }).click();
    await dialog.getByText('revoked').waitFor();
    expect(complaints).toEqual([]);
  });
});
