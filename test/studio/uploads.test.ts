/** Large files of the studio: they go up piece by piece, over a line that breaks. */
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import { studio } from '../support/studio.ts';

/** Sheets and pictures of this size go up piece by piece. */
const LARGE = 9 * 2 ** 20;

function largeSheet(): Buffer {
  const lines = ['prompt,negative_prompt\n'];
  for (let [row, length] = [0, 0]; length < LARGE; row += 1) {
    const line = `a boat ${row},${'fog '.repeat(2_000)}\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join(''));
}

describe.skipIf(WITHOUT_BROWSER)('large files', () => {
  test(
    'a sheet goes on where its line broke, and becomes a plan',
    { timeout: 120_000 },
    async () => {
      const at = await studio();
      let pieces = 0;
      await at.page.route('**/v1/uploads/up_*', async (route) => {
        if (route.request().method() !== 'PATCH') return route.continue();
        pieces += 1;
        return pieces === 1 ? route.abort('connectionreset') : route.continue();
      });
      await at.open('/generate');
      const file = { name: 'boats.csv', mimeType: 'text/csv', buffer: largeSheet() };
      await at.page.locator('input[type=file]').first().setInputFiles(file);
      await at.page.getByText(/^1,\d{3} rows$/).waitFor({ timeout: 60_000 });
      expect(pieces).toBeGreaterThan(2);
      const plan = at.page.getByRole('region', { name: 'Plan' });
      await plan.getByText(/1,\d{3} of 1,\d{3} rows/).waitFor({ timeout: 60_000 });
    },
  );
});
