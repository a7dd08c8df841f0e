import { describe, expect, onTestFinished, test } from 'vitest';
import { PROBLEM_STATUS } from '../../src/api/problem.ts';
import { openBrowser, WITHOUT_BROWSER } from '../support/browser.ts';
import { liveServer } from '../support/live-server.ts';

test.skipIf(WITHOUT_BROWSER)(
  'the reference shows every operation, and sends one with a key',
  async () => {
    const { url, secret } = await liveServer();
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== url) complaints.push(`asks ${request.url()}`);
    });
    await page.goto(`${url}/docs`);
    await page.waitForSelector('.opblock');
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      paths: Record<string, object>;
    };
    const operations = Object.values(document.paths).flatMap((path) => Object.keys(path)).length;
    await page.click('button.authorize');
    await page.fill('.auth-container input >> nth=0', secret);
    await page.click('.auth-btn-wrapper .authorize >> nth=0');
    await page.click('.btn-done');

    // Of very many it has only those in the page that are in sight.
    const seen = new Set<string>();
    const goOn = async (): Promise<readonly string[]> => {
      const ids = await page.locator('.opblock').evaluateAll((all) => all.map(({ id }) => id));
      for (const id of ids) seen.add(id);
      await page.evaluate('scrollBy(0, 400)');
      return ids;
    };
    const poll = { timeout: 30_000, interval: 20 };
    await expect.poll(async () => (await goOn()) && seen.size, poll).toBe(operations);
    await page.evaluate('scrollTo(0, 0)');
    const LISTING = 'operations-models-listModels';
    await expect.poll(goOn, poll).toContain(LISTING);
    await page.click('#operations-models-listModels .opblock-summary-control');
    await page.click('#operations-models-listModels .execute');
    const status = page.locator('.live-responses-table .response-col_status');
    await expect.poll(() => status.last().innerText(), { timeout: 20_000 }).toContain('200');
    expect(complaints.filter((each) => !each.startsWith('asks data:'))).toEqual([]);
  },
  60_000,
);

describe('pages', () => {
  test('are found with a slash at the end as well', async () => {
    const { url } = await liveServer();
    const page = await fetch(`${url}/docs/`);
    expect(page.status).toBe(200);
    expect(new URL(page.url).pathname).toBe('/docs');
  });

  test('tell of each problem what it means', async () => {
    const { url } = await liveServer();
    for (const code of Object.keys(PROBLEM_STATUS)) {
      const page = await fetch(`${url}/problems/${code}`);
      expect(page.status, code).toBe(200);
      expect(await page.text()).toContain('What to do');
    }
    expect(await (await fetch(`${url}/problems`)).text()).toContain('/problems/too-large');
    expect((await fetch(`${url}/problems/toString`)).status).toBe(404);
  });

  test('run no script but the server’s own, and none that is written into them', async () => {
    const { url } = await liveServer();
    const page = await fetch(`${url}/docs`);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(await page.text()).not.toMatch(/<script(?![^>]*\bsrc="\/)|https?:\/\/|\son\w+=/);
  });

  test.each([
    '..%2fpackage.json',
    '..%2f..%2fpackage.json',
    'index.js',
    'package.json',
    '__proto__',
    'constructor',
    'swagger-ui.css%00',
    '%2fetc%2fpasswd',
  ])('open no file that a client names: %s', async (name) => {
    const { url } = await liveServer();
    expect((await fetch(`${url}/docs/${name}`)).status).toBe(404);
  });
});
