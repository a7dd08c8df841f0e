/** The library of references, and images made after them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import type { LiveServer } from '../support/live-server.ts';
import { paintPicture } from '../support/pictures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  type Shown,
  studio,
  type Width,
} from '../support/studio.ts';

const LOOKS: [Width, Shown][] = [
  ['desktop', 'light'],
  ['desktop', 'dark'],
  ['phone', 'light'],
  ['phone', 'dark'],
];

async function keep(server: LiveServer, name: string, width = 400, height = 300): Promise<void> {
  const form = new FormData();
  form.set('name', name);
  const bytes = await paintPicture(width, height);
  form.set('picture', new Blob([new Uint8Array(bytes)]), `${name}.png`);
  expect((await server.call('POST', '/v1/references', { body: form })).status).toBe(201);
}

async function namesOf(server: LiveServer): Promise<string[]> {
  const answer = await server.call('GET', '/v1/references');
  return ((await answer.json()) as { data: { name: string }[] }).data.map(({ name }) => name);
}

/** Files as the system drops them on the page. */
async function drop(page: Page, files: Readonly<Record<string, Buffer>>): Promise<void> {
  const folder = await temporaryFolder();
  const paths = await Promise.all(
    Object.entries(files).map(async ([name, bytes]) => {
      await writeFile(join(folder, name), bytes);
      return join(folder, name);
    }),
  );
  const box = (await page.getByText('Drop pictures here, or paste them').boundingBox())!;
  const devtools = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', {
      type,
      x: box.x + 10,
      y: box.y + 5,
      data: { items: [], files: paths, dragOperationsMask: 1 },
    });
  }
}

async function paste(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.evaluate(`(() => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob('${bytes.toString('base64')}'), (each) => each.charCodeAt(0));
    data.items.add(new File([bytes], '${name}', { type: 'image/png' }));
    const init = { clipboardData: data, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new ClipboardEvent('paste', init));
  })()`);
}

const tile = (page: Page, name: string) => page.getByRole('row', { name, exact: true });

describe.skipIf(WITHOUT_BROWSER)('references', () => {
  test.each(LOOKS)('are added, looked at and made use of (%s, %s)', async (width, theme) => {
    const { page, open, server, complaints } = await studio({ width, theme });
    await open('/references');
    await page.getByText('Drop pictures here, or paste them').waitFor();
    await expectAccessible(page);
    for (const name of ['hero', 'castle']) await keep(server, name);
    await keep(server, 'thin', 2_000, 20);
    await open('/references');
    await tile(page, 'thin').locator('img').waitFor({ state: 'attached' });
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await tile(page, 'thin')[width === 'phone' ? 'tap' : 'click']();
    await page.getByText('not taken').first().waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Make images' }).click();
    await page.getByLabel('Prompts, one a line').fill('on a beach');
    await page.getByText('Make 1 image ·').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Change' }).click();
    const library = page.getByRole('dialog', { name: 'Choose references' });
    await library.getByRole('row', { name: 'hero', exact: true }).waitFor();
    await expectAccessible(page);
    expect(complaints).toEqual([]);
  });

  test('come by drop and by paste, named after their files; what is no picture is left out', async () => {
    const { page, open, server, complaints } = await studio();
    await open('/references');
    const picture = await paintPicture(60, 40);
    await drop(page, {
      'Hero Shot (final).png': picture,
      'hero shot final.PNG': picture,
      'notes.txt': Buffer.from('no picture'),
    });
    await page.getByText('notes.txt: left out').waitFor();
    await tile(page, 'hero-shot-final-2').waitFor();
    await paste(page, 'image.png', picture);
    await tile(page, 'image').waitFor();
    await paste(page, 'broken.png', Buffer.from('no picture'));
    await page.getByText('broken.png: not added').waitFor();
    expect(await namesOf(server)).toEqual(['hero-shot-final', 'hero-shot-final-2', 'image']);
    // The refusal of the broken one.
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
  });

  test('are renamed, replaced, removed and brought back, in every tab', async () => {
    const { page, open, server, context } = await studio();
    for (const name of ['hero', 'castle']) await keep(server, name);
    await open('/references?name=hero');
    await page.getByLabel('Name', { exact: true }).fill('castle');
    await page.getByText('@castle has a picture already.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Lead');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('heading', { name: '@lead' }).waitFor();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Replace' }).click();
    const picture = await paintPicture(90, 30);
    await (await chooser).setFiles({ name: 'b.png', mimeType: 'image/png', buffer: picture });
    await page.getByText('90 × 30 px').waitFor();
    const other = await context.newPage();
    await other.goto(`${server.url}/references`);
    await tile(other, 'lead').waitFor();
    await page.bringToFront();
    await page.getByRole('button', { name: 'Remove' }).click();
    await tile(page, 'lead').waitFor({ state: 'detached' });
    expect(await namesOf(server)).toEqual(['castle']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await tile(page, 'lead').waitFor();
    expect(await namesOf(server)).toEqual(['castle', 'lead']);
    await other.reload();
    await tile(other, 'lead').getByText('90 × 30').waitFor();
  });

  test('of an address say what is wrong at the field', async () => {
    const { page, open, complaints } = await studio();
    await open('/references');
    await page.getByRole('button', { name: 'From an address' }).click();
    await page.getByLabel('Address').fill('http://127.0.0.1:1/pictures/My%20Hero.png');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('my-hero');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('The address cannot be read.').waitFor();
    await expectAccessible(page);
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
  });

  test('become images by the keyboard alone, each picture with each prompt', async () => {
    const { page, open, server, complaints } = await studio();
    for (const name of ['hero', 'castle', 'logo']) await keep(server, name);
    await open('/references');
    await tile(page, 'castle').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.getByText('2 chosen').waitFor();
    const make = page.getByRole('button', { name: 'Make images with 2' });
    await make.focus();
    await page.keyboard.press('Enter');
    const prompts = page.getByLabel('Prompts, one a line');
    await prompts.focus();
    await page.keyboard.type('on a beach\nin snow');
    await page.getByText('2 pictures × 2 prompts = 4 rows').waitFor();
    const demo = page.getByRole('radio', { name: /Demo painter/ });
    await demo.focus();
    await page.keyboard.press('Space');
    const start = page.getByRole('button', { name: 'Make 4 images · 0 credits' });
    await start.waitFor();
    await start.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/runs\/\w+/);
    const run = /\/runs\/(\w+)/.exec(page.url())![1]!;
    const answer = await server.call('GET', `/v1/runs/${run}/items`);
    const { data } = (await answer.json()) as { data: { prompt: string; references: string[] }[] };
    expect(data.map(({ prompt, references }) => `${prompt} ${references.join()}`)).toEqual([
      'on a beach @castle',
      'on a beach @hero',
      'in snow @castle',
      'in snow @hero',
    ]);
    expect(complaints).toEqual([]);
  });

  test('stand before and after what was made of them, with a handle for mouse and keys', async () => {
    const { page, open, server, complaints } = await studio();
    await keep(server, 'hero', 600, 400);
    const rows = [{ prompt: 'a boat at dawn', image: '@hero' }];
    const made = await server.call('POST', '/v1/runs', {
      body: { rows, settings: { models: ['demo'] }, approve: true },
    });
    const { run } = (await made.json()) as { run: string };
    const first = async () => {
      const answer = await server.call('GET', `/v1/runs/${run}/items`);
      return ((await answer.json()) as { data: { item: string; state: string }[] }).data[0]!;
    };
    await expect.poll(async () => (await first()).state, { timeout: 20_000 }).toBe('delivered');
    // The run keeps the picture that it was planned with.
    await keep(server, 'hero', 50, 50);
    await open(`/runs/${run}?item=${(await first()).item}`);
    const handle = page.getByRole('slider', { name: /@hero/ });
    await handle.focus();
    for (const key of ['ArrowRight', 'PageUp']) await page.keyboard.press(key);
    expect(await handle.getAttribute('aria-valuenow')).toBe('80');
    await page.keyboard.press('Home');
    expect(await handle.getAttribute('aria-valuenow')).toBe('0');
    await page.keyboard.press('PageUp');
    await page.getByText('600 × 400 → ').waitFor();
    await expectAccessible(page);
    expect(complaints).toEqual([]);
  });

  test('that are too many for a model are told before anything is paid', async () => {
    const { page, open, server } = await studio();
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) await keep(server, name);
    await open('/references?make=@a1,@a2,@a3,@a4,@a5');
    await page.getByLabel('Prompts, one a line').fill('all of them on a table');
    await page.getByText('All pictures together in every image').click();
    await page.getByText('Takes 4 at once, and 5 are chosen.').first().waitFor();
    expect(await page.getByRole('radio', { name: /Demo painter/ }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Open in the generator' }).click();
    await page.waitForURL(/\/generate/);
    const kept = await page.evaluate<string>('JSON.stringify(sessionStorage)');
    expect(kept).toContain('@a1 | @a2 | @a3 | @a4 | @a5');
  });
});
