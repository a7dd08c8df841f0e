/** How soon pages of the studio show what they are for, on a run of very many images: in a real browser. */
import { openBrowser, WITHOUT_BROWSER } from '../../test/support/browser.ts';
import { signIn } from '../studio/sign-in.ts';
import type { Service } from './api-times.ts';

export interface PageTimes {
  readonly page: string;
  /** From its opening until all that it asks first was answered and drawn; the middle of the rounds. */
  readonly ms: number;
}

const ROUNDS = 3;
const VIEWPORT = { width: 1440, height: 900 };
const LONGEST_MS = 60_000;

/** What is there when a page has what it is for. */
const PAGES: Readonly<Record<string, string>> = {
  '/runs': 'main a[href*="/runs/"]',
  '/runs/RUN': '[role=gridcell]',
  '/runs/RUN/review': 'main button',
  '/dashboard': 'main h2',
};

/** Empty where there is no browser. */
export async function pageTimes(service: Service, run: string): Promise<PageTimes[]> {
  if (WITHOUT_BROWSER !== undefined) return [];
  const browser = await openBrowser();
  const times: PageTimes[] = [];
  try {
    for (const [page, shown] of Object.entries(PAGES)) {
      const rounds: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const context = await browser.newContext({ viewport: VIEWPORT });
        await signIn(context, service);
        const tab = await context.newPage();
        const started = performance.now();
        await tab.goto(`${service.url}${page.replace('RUN', run)}`);
        await tab.locator(shown).first().waitFor({ timeout: LONGEST_MS });
        rounds.push(performance.now() - started);
        await context.close();
      }
      times.push({ page, ms: rounds.toSorted((one, other) => one - other)[1]! });
    }
  } finally {
    await browser.close();
  }
  return times;
}
