/** The studio in a real browser, signed in at a real server. */
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { openBrowser } from './browser.ts';
import { liveServer, type LiveServer, type LiveServerOptions } from './live-server.ts';

/** A laptop's window, and a phone's. */
export const WIDTHS = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;
export type Width = keyof typeof WIDTHS;
export type Shown = 'light' | 'dark';

export interface StudioOptions extends LiveServerOptions {
  readonly width?: Width;
  readonly theme?: Shown;
}

export interface Studio {
  readonly server: LiveServer;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained about: errors of scripts, and what the policy refused. */
  readonly complaints: readonly string[];
  /** Opens an address of the studio, and waits until its page is there. */
  readonly open: (path: string) => Promise<void>;
}

/** Ends with the test. */
export async function studio(options: StudioOptions = {}): Promise<Studio> {
  const server = await liveServer(options);
  return await studioOf(server, options);
}

/** Another browser, at a server that is there. */
export async function studioOf(
  server: LiveServer,
  { width = 'desktop', theme = 'light' }: StudioOptions = {},
): Promise<Studio> {
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({
    viewport: WIDTHS[width],
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    ...(width === 'phone' && { hasTouch: true, isMobile: true }),
  });
  await signIn(context, server);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const open = async (path: string) => {
    await page.goto(new URL(path, server.url).href);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  return { server, context, page, complaints, open };
}

/** As the sign-in page does, without its form. */
async function signIn(context: BrowserContext, server: LiveServer): Promise<void> {
  const answer = await server.call('POST', '/v1/session');
  const cookie = answer.headers.get('set-cookie') ?? '';
  const value = /imagemill_session=([^;]+)/.exec(cookie)?.[1] ?? '';
  await context.addCookies([
    { name: 'imagemill_session', value, url: server.url, httpOnly: true, sameSite: 'Strict' },
  ]);
}

/** WCAG 2.2, levels A and AA, and what axe calls best practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Asked of a whole page; an open dialog hides the page behind it, and its heading is a part of that. */
const OF_PAGES = ['landmark-one-main', 'page-has-heading-one', 'region'];

/** Fails with every violation: its rule, its elements, and what to do. */
export async function expectAccessible(page: Page): Promise<void> {
  const hasDialog = (await page.getByRole('dialog').or(page.getByRole('alertdialog')).count()) > 0;
  const { violations } = await new AxeBuilder({ page })
    .withTags(RULES)
    // Where React Aria speaks to screen readers; what it points at may be gone by now.
    .exclude('[data-live-announcer]')
    .disableRules(hasDialog ? OF_PAGES : [])
    .analyze();
  const told = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
  }));
  expect(told).toEqual([]);
}

/** Nothing is wider than the window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  // As text: this program knows no `document`.
  const { wide, seen } = await page.evaluate<{ wide: number; seen: number }>(
    '({ wide: document.documentElement.scrollWidth, seen: document.documentElement.clientWidth })',
  );
  expect(wide).toBeLessThanOrEqual(seen);
}
