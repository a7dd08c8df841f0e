/** The page on which images begin: prompts, sheets, models, settings, the plan, and the run. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import { paintPicture } from '../support/pictures.ts';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  type Shown,
  studio,
  type Studio,
  type Width,
} from '../support/studio.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A refused plan is told at its cells; the browser notes its status all the same. */
function unexpected({ complaints }: Studio): readonly string[] {
  return complaints.filter((text) => !/status of (?:422|409)/.test(text));
}

async function choose(at: Studio, name: string, text: string | Buffer, mimeType = 'text/csv') {
  const buffer = typeof text === 'string' ? Buffer.from(text) : text;
  await at.page.locator('input[type=file]').first().setInputFiles({ name, mimeType, buffer });
}

const prompts = (at: Studio) => at.page.getByLabel('Prompts, one a line');
const plan = (at: Studio) => at.page.getByRole('region', { name: 'Plan' });
const cell = (at: Studio, text: string | RegExp) =>
  at.page.getByRole('gridcell').filter({ hasText: text }).first();

async function itemsOf({ server }: Studio): Promise<Record<string, unknown>> {
  const answer = await server.call('GET', '/v1/runs');
  const { data } = (await answer.json()) as { data: Record<string, unknown>[] };
  return data[0] ?? {};
}

describe.skipIf(WITHOUT_BROWSER)('the generator', () => {
  test.each<[Width, Shown]>([
    ['desktop', 'light'],
    ['desktop', 'dark'],
    ['phone', 'light'],
    ['phone', 'dark'],
  ])('is accessible, empty and full (%s, %s)', async (width, theme) => {
    const at = await studio({ width, theme });
    await at.open('/generate');
    await at.page.getByRole('button', { name: /Try 12 sample prompts/ }).waitFor();
    await at.page.getByRole('row', { name: /Demo painter/ }).waitFor();
    await expectAccessible(at.page);
    await expectNoSidewaysScroll(at.page);
    await choose(at, 'boats.csv', 'prompt,size\na red boat,huge\na blue boat,\n,1024x1024\n');
    await at.page.getByRole('button', { name: 'Row 1, size' }).waitFor();
    for (const part of ['What the columns mean', 'Styles', 'More settings']) {
      await at.page.getByRole('button', { name: part, exact: true }).click();
    }
    await at.page.getByLabel('Title of the run').waitFor();
    await expectAccessible(at.page);
    await expectNoSidewaysScroll(at.page);
    expect(unexpected(at)).toEqual([]);
  });

  test('makes the sample sheet with one click', async () => {
    const at = await studio();
    await at.open('/generate');
    await at.page.getByRole('button', { name: /Try 12 sample prompts/ }).click();
    await at.page.waitForURL(/\/runs\/r/);
    expect(await itemsOf(at)).toMatchObject({ title: 'Sample sheet', rows: 12 });
    expect(unexpected(at)).toEqual([]);
  });

  test('plans as one types, and makes a proof that was agreed to', async () => {
    const at = await studio();
    await at.open('/generate');
    const text = Array.from({ length: 12 }, (_, line) => `a boat ${line}`).join('\n');
    await prompts(at).fill(text);
    await plan(at).getByText('28.8').first().waitFor();
    await plan(at).getByText('12 of 12 rows').waitFor();
    await prompts(at).fill(`${text}\nanother boat`);
    await plan(at).getByText('13 of 13 rows').waitFor();
    await plan(at).getByText('31.2').first().waitFor();
    await at.page.getByRole('button', { name: /Make 10 first · about 24 credits/ }).click();
    const dialog = at.page.getByRole('dialog');
    await dialog.getByText('Now, about').waitFor();
    await expectAccessible(at.page);
    await dialog.getByRole('button', { name: /Make 10 first/ }).click();
    await at.page.waitForURL(/\/runs\/r/);
    await expect
      .poll(async () => (await itemsOf(at))['state'], { timeout: 20_000 })
      .toBe('awaiting_approval');
    expect(await itemsOf(at)).toMatchObject({ rows: 13, items: { delivered: 10, waiting: 3 } });
    expect(unexpected(at)).toEqual([]);
  });

  test('shows each problem at its cell, and plans when they are corrected by the keyboard', async () => {
    const at = await studio();
    await at.open('/generate');
    await choose(at, 'boats.csv', 'prompt,size\na red boat,huge\na blue boat,\n');
    const wrong = cell(at, 'huge');
    await wrong.getByText('Write width x height').waitFor({ state: 'attached' });
    await at.page.getByRole('button', { name: 'Row 1, size' }).press('Enter');
    await at.page.keyboard.press('Enter');
    await at.page.keyboard.press('Control+a');
    await at.page.keyboard.type('1536x1024');
    await at.page.keyboard.press('Enter');
    await plan(at).getByText('2 of 2 rows').waitFor();
    expect(await at.page.getByText('to correct').count()).toBe(0);
    await at.page.getByRole('button', { name: 'Undo' }).click();
    await cell(at, 'huge').waitFor();
    await at.page.getByRole('button', { name: 'Redo' }).click();
    await at.page.reload();
    await cell(at, '1536x1024').waitFor();
    expect(unexpected(at)).toEqual([]);
  });

  test('takes cells from a spreadsheet, rows and columns', async () => {
    const at = await studio();
    await at.open('/generate');
    await prompts(at).fill('a red boat');
    await at.page.getByRole('button', { name: 'As a table' }).click();
    await at.page.getByRole('button', { name: 'Column', exact: true }).click();
    await at.page.getByRole('menuitem', { name: 'Images' }).click();
    await cell(at, 'a red boat').click();
    await at.page.evaluate(`(() => {
      const data = new DataTransfer();
      data.setData('text/plain', 'a green boat\\t2\\n"a boat,\\nat night"\\t3\\n');
      document.activeElement.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    })()`);
    await cell(at, 'at night').waitFor();
    await plan(at).getByText('5 of 2 rows').waitFor();
    await at.page.locator('.ag-row input[type=checkbox]').first().press('Space');
    await at.page.getByRole('button', { name: 'Delete 1 row' }).click();
    await plan(at).getByText('3 of 1 row').waitFor();
    expect(unexpected(at)).toEqual([]);
  });

  test('asks what columns mean that nobody knows', async () => {
    const at = await studio();
    await at.open('/generate');
    await choose(at, 'odd.csv', 'what,who\na red boat,Ann\na blue boat,Bob\n');
    await at.page.getByText('No column holds the prompt').waitFor();
    await at.page.getByRole('button', { name: /^Ignore what/ }).click();
    await at.page.getByRole('option', { name: 'Prompt', exact: true }).click();
    await plan(at).getByText('2 of 2 rows').waitFor();
  });

  test('puts a dropped picture into the row that names it, and styles around prompts', async () => {
    const at = await studio();
    await at.open('/generate');
    await choose(at, 'boats.csv', 'prompt,image,style\na red boat,hero.png,ink\n');
    await at.page.getByRole('button', { name: 'Row 1, image' }).waitFor();
    await choose(at, 'hero.png', await paintPicture(), 'image/png');
    await cell(at, '@hero').waitFor();
    await choose(at, 'my styles.csv', 'name,prompt,negative_prompt\nink,"{prompt}, in ink",\n');
    await plan(at).getByText('1 of 1 row').waitFor();
    await at.page.getByRole('button', { name: /Make it/ }).click();
    await at.page
      .getByRole('dialog')
      .getByRole('button', { name: /Make all/ })
      .click();
    await at.page.waitForURL(/\/runs\/r/);
    const { run } = await itemsOf(at);
    const answer = await at.server.call('GET', `/v1/runs/${String(run)}/items`);
    expect(JSON.stringify(await answer.json())).toContain('in ink');
    expect(unexpected(at)).toEqual([]);
  });

  test('puts a picture into the row that it is dropped onto', async () => {
    const at = await studio();
    await at.open('/generate');
    await prompts(at).fill('a red boat\na blue boat');
    await at.page.getByRole('button', { name: 'As a table' }).click();
    const picture = join(await temporaryFolder(), 'Sea view.png');
    await writeFile(picture, await paintPicture());
    const box = (await cell(at, 'a blue boat').boundingBox())!;
    const devtools = await at.context.newCDPSession(at.page);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await devtools.send('Input.dispatchDragEvent', {
        type,
        x: box.x + 10,
        y: box.y + 5,
        data: { items: [], files: [picture], dragOperationsMask: 1 },
      });
    }
    const row = at.page.getByRole('row').filter({ hasText: 'a blue boat' });
    await row.getByText('@sea-view').waitFor();
    await plan(at).getByText('1 reference').waitFor();
    expect(unexpected(at)).toEqual([]);
  });

  test('tells of a plan that has changed meanwhile, with its new figures', async () => {
    const at = await studio();
    await at.open('/generate');
    await prompts(at).focus();
    await at.page.keyboard.type('a red boat');
    await at.page.getByRole('button', { name: /Make it · 2.4/, disabled: false }).waitFor();
    await at.page.keyboard.press('Control+Enter');
    await at.page.getByRole('dialog').waitFor();
    let told = false;
    await at.page.route('**/v1/runs', (route) => {
      if (told || route.request().method() !== 'POST') return route.fallback();
      told = true;
      const problem = { code: 'conflict', title: 'Conflict', detail: 'another now', problems: [] };
      return route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        body: JSON.stringify(problem),
      });
    });
    await at.page
      .getByRole('dialog')
      .getByRole('button', { name: /Make all/ })
      .click();
    await at.page.getByText('The plan has changed').waitFor();
    await at.page
      .getByRole('dialog')
      .getByRole('button', { name: /Make all/ })
      .click();
    await at.page.waitForURL(/\/runs\/r/);
    expect(unexpected(at)).toEqual([]);
  });

  test('shows a long sheet from its beginning, and sends it as it is', async () => {
    const at = await studio();
    await at.open('/generate');
    const lines = Array.from({ length: 6_000 }, (_, line) => `a boat ${line}`);
    await choose(at, 'many.csv', `prompt\n${lines.join('\n')}\n`);
    await at.page.getByText('many.csv has 6,000 rows').waitFor();
    await plan(at).getByText('6,000 of 6,000 rows').waitFor({ timeout: 15_000 });
    expect(unexpected(at)).toEqual([]);
  });

  test('takes the half price and models of one’s own choice', async () => {
    const at = await studio();
    await at.open('/generate');
    await prompts(at).fill('a red boat\na blue boat');
    await plan(at).getByText('4.8').first().waitFor();
    await plan(at).getByRole('button', { name: 'Save 2.4' }).first().click();
    await plan(at).getByText('credits expected').waitFor();
    await plan(at).getByText('2.4').first().waitFor();
    const kling = at.page.getByRole('row').filter({ hasText: 'Kling 3.0' }).first();
    await kling.getByText('Kling 3.0').first().click();
    await at.page.getByText('2 models take turns').waitFor();
    expect(unexpected(at)).toEqual([]);
  });
});
