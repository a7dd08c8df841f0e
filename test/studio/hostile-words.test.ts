/** Words of strangers on all pages that show them: none of them is taken for markup, and no script of theirs runs. */
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import { itemsOf, newRun, untilRun } from '../support/service-run.ts';
import { studio, type Studio } from '../support/studio.ts';

const HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

async function hostileRun({ server }: Studio) {
  const { call } = server;
  const rows = [{ prompt: `${HOSTILE} boat`, name: HOSTILE, [HOSTILE]: 'javascript:alert(3)' }];
  const settings = { models: ['demo'], size: '128x128' };
  const run = await newRun(call, { prompts: undefined, rows, settings, title: `${HOSTILE} run` });
  await untilRun(call, run);
  const [item] = await itemsOf(call, run);
  const review = { verdict: 'keep', stars: 3, note: `${HOSTILE} note` };
  await call('PUT', `/v1/runs/${run}/items/${item!.item}/review`, { body: review });
  const made = await call('POST', `/v1/runs/${run}/shares`, {
    body: { title: `${HOSTILE} page`, shows_prompts: true },
  });
  const { link } = (await made.json()) as { link: string };
  await call('POST', '/v1/invitations', { body: { name: `${HOSTILE} member`, role: 'viewer' } });
  await call('POST', '/v1/keys', { body: { name: `${HOSTILE} key` } });
  return { run, share: new URL(link).pathname + new URL(link).hash };
}

describe.skipIf(WITHOUT_BROWSER)('hostile words', () => {
  test('are shown as they are written', async () => {
    const opened = await studio();
    const { page, open, complaints } = opened;
    const alerts: string[] = [];
    page.on('dialog', (dialog) => {
      alerts.push(dialog.message());
      void dialog.dismiss();
    });
    const { run, share } = await hostileRun(opened);
    const places: readonly (readonly [path: string, words: string])[] = [
      ['/runs', 'run'],
      [`/runs/${run}`, 'run'],
      [`/runs/${run}/review`, 'boat'],
      [share, 'page'],
      ['/settings/keys', 'key'],
      ['/settings/members', 'member'],
      ['/dashboard', 'run'],
    ];
    for (const [path, words] of places) {
      await open(path);
      await expect
        .poll(() => page.locator('body').innerText(), { message: path, timeout: 10_000 })
        .toContain(`${HOSTILE} ${words}`);
      expect(await page.locator('img[src="x"], a[href^="javascript:"]').count(), path).toBe(0);
    }
    expect(alerts).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('in the address of the sign-in page lead to no other server', async () => {
    const { page, context, server } = await studio();
    for (const to of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/\t/evil.example',
      '/x/..//evil.example',
    ]) {
      await context.clearCookies();
      await page.goto(`${server.url}/sign-in?to=${encodeURIComponent(to)}`);
      await page.getByLabel('Key', { exact: true }).fill(server.secret);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL((url) => url.pathname !== '/sign-in');
      expect(new URL(page.url()).origin, to).toBe(server.url.replace(/\/$/, ''));
    }
  });
});
