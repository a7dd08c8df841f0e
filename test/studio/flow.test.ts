/** The whole way of somebody who writes no code: a sheet in, finished images out. */
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import { studio, type Studio, type Width } from '../support/studio.ts';

const ROWS = 12;

/** One of the rows is refused by the vendor; the others are made. */
const SHEET = [
  'name,prompt,negative_prompt',
  ...Array.from(
    { length: ROWS },
    (_, at) => `boat-${at + 1},"a red boat, number ${at + 1}",people`,
  ),
].join('\n');

async function results(at: Studio, run: string): Promise<Record<string, string>[]> {
  const answer = await at.server.call('GET', `/v1/runs/${run}/results.csv`);
  return parse(await answer.text(), { bom: true, columns: true });
}

describe.skipIf(WITHOUT_BROWSER)('the studio', () => {
  test.each<[Width]>([['desktop'], ['phone']])(
    'leads from a sheet to kept and packed images (%s)',
    async (width) => {
      const at = await studio({ width, vendors: { refusals: { pattern: 'number 3' } } });
      const { page, server } = at;

      await at.open('/generate');
      await page
        .locator('input[type=file]')
        .first()
        .setInputFiles({ name: 'boats.csv', mimeType: 'text/csv', buffer: Buffer.from(SHEET) });
      await page.getByRole('region', { name: 'Plan' }).getByText('12 of 12 rows').waitFor();
      await page
        .getByRole('button', { name: /Make 10 first/ })
        .first()
        .click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /Make 10 first/ })
        .click();
      await page.waitForURL(/\/runs\/r/);
      const run = new URL(page.url()).pathname.split('/')[2]!;

      await page.getByRole('button', { name: 'Approve…' }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Make 2 images/ })
        .click();
      await expect
        .poll(async () => (await server.call('GET', `/v1/runs/${run}`)).json(), { timeout: 30_000 })
        .toMatchObject({ state: 'done', items: { delivered: 11, refused: 1 } });
      expect(server.simulation.openai.bill.images + server.simulation.bfl.bill.images).toBe(
        (await results(at, run)).filter(({ state }) => state === 'delivered').length,
      );

      await page.goto(`${server.url}/runs/${run}/review`);
      await page.getByRole('button', { name: /^Keep/ }).waitFor();
      await page.keyboard.press('k');
      await page.keyboard.press('x');
      await page.keyboard.press('5');
      await expect
        .poll(async () => (await results(at, run)).map(({ review }) => review).slice(0, 2), {
          timeout: 20_000,
        })
        .toEqual(['keep', 'reject']);

      await page.goto(`${server.url}/runs/${run}`);
      await page.getByRole('tab', { name: 'Results' }).click();
      await page.getByRole('button', { name: 'Make a ZIP archive' }).click();
      const packed = page.getByRole('link', { name: /\.zip/ }).first();
      await packed.waitFor();
      const answer = await page.request.get(
        new URL((await packed.getAttribute('href'))!, server.url).href,
      );
      expect((await answer.body()).subarray(0, 2).toString('latin1')).toBe('PK');
      expect(at.complaints.filter((text) => !/status of (?:409|422)/.test(text))).toEqual([]);
    },
  );
});
