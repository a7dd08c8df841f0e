/** The processes on the dashboard in a browser: a table for operators, figures for everybody else. */
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { WITHOUT_BROWSER } from '../support/browser.ts';
import { liveServer, type LiveServer } from '../support/live-server.ts';
import { expectAccessible, expectNoSidewaysScroll, studioOf } from '../support/studio.ts';

/** The same server, for a browser that signs in with another key. */
function signedInWith(server: LiveServer, key: string): LiveServer {
  return { ...server, call: (method, path, init) => server.call(method, path, { key, ...init }) };
}

describe.skipIf(WITHOUT_BROWSER)('workers on the dashboard', () => {
  test(
    'are listed for operators; work that nobody takes is said to whose it is, until somebody does',
    { timeout: 180_000 },
    async () => {
      const server = await liveServer({ config: { worker: { kinds: [] } } });
      const id = await server.engine.service.operations.register();
      const key = await server.issueKey({ workspace: 'acme' });
      const body = { prompts: ['a boat'], settings: { models: ['demo'] }, approve: true };
      expect((await server.call('POST', '/v1/runs', { key, body })).status).toBe(201);

      for (const [width, theme] of [
        ['desktop', 'light'],
        ['phone', 'dark'],
      ] as const) {
        const { page, open, complaints } = await studioOf(server, { width, theme });
        await open('/dashboard');
        await page.getByText('No worker takes runs', { exact: true }).waitFor();
        await page.getByText('imagemill serve').waitFor();
        const row = page.getByRole('grid', { name: 'Workers' }).getByRole('row', { name: id });
        expect(await row.innerText()).toMatch(/works\s[^]*nothing/);
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
        expect(complaints).toEqual([]);
      }

      const { page, open, complaints } = await studioOf(signedInWith(server, key));
      await open('/dashboard');
      await page.getByText('No worker takes runs', { exact: true }).waitFor();
      await page.getByRole('heading', { name: 'Workers' }).waitFor();
      expect(await page.getByRole('main').innerText()).not.toContain(hostname());
      await liveServer({ home: server.home });
      await page
        .getByText('No worker takes runs', { exact: true })
        .waitFor({ state: 'detached', timeout: 30_000 });
      expect(complaints).toEqual([]);
    },
  );
});
