/** What stands around every page of the studio. */
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import { liveServer } from '../support/live-server.ts';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  type Shown,
  studio,
  studioOf,
  type Width,
} from '../support/studio.ts';

describe.skipIf(WITHOUT_BROWSER)('the studio', () => {
  test.each<[Width, Shown]>([
    ['desktop', 'light'],
    ['desktop', 'dark'],
    ['phone', 'light'],
    ['phone', 'dark'],
  ])('signs a browser in and out with a key (%s, %s)', async (width, theme) => {
    const server = await liveServer();
    const { page, context, complaints } = await studioOf(server, { width, theme });
    await context.clearCookies();
    await page.goto(`${server.url}/runs`);
    await page.getByLabel('Key').fill('im_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This key is none').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Key').fill(server.secret);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    expect(await page.evaluate<string>('JSON.stringify(localStorage)')).not.toContain(
      server.secret,
    );
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  test('goes everywhere by the keyboard alone', async () => {
    const { page, open } = await studio();
    await open('/runs');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('A page, or a run').fill('dash');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog', { name: 'Keys of the keyboard' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('says that the server is away, and is right again when it is back', async () => {
    const { page, open, context } = await studio();
    await open('/runs');
    await context.setOffline(true);
    await page.getByText('The server does not answer').first().waitFor();
    await context.setOffline(false);
    await page.evaluate("dispatchEvent(new Event('online'))");
    await page.getByText('Runs go on without this page').waitFor({ state: 'detached' });
  });

  test('answers with a policy that allows no script in a page', async () => {
    const { server } = await studio();
    const answer = await fetch(`${server.url}/runs`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/style-src-elem[^;]*unsafe|script-src[^;]*unsafe/);
    expect(await answer.text()).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
  });
});
