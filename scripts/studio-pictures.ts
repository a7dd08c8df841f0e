/**
 * Makes the pictures of the studio in `docs/studio/`: a real server with simulated vendors, a small world of
 * runs, and a real browser that opens every page. `npm run studio-pictures [NAME …]` makes some of them.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { openBrowser } from '../test/support/browser.ts';
import { PICTURES, type StudioPicture } from './studio-pictures/pictures.ts';
import { openWorld, type World } from './studio-pictures/world.ts';

const FOLDER = join(import.meta.dirname, '../docs/studio');
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** Every picture in the window is decoded. As text: this program knows no `document`. */
const ARE_SHOWN = `[...document.images].every(
  (image) => image.complete || image.getBoundingClientRect().top > innerHeight,
)`;
const MOST_LOOKS = 100;

const wanted = process.argv.slice(2);
const chosen = PICTURES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const home = await mkdtemp(join(tmpdir(), 'imagemill-pictures-'));
await mkdir(FOLDER, { recursive: true });
const world = await openWorld(home);
const browser = await openBrowser();
try {
  for (const picture of chosen) await take(browser, world, picture);
} finally {
  await browser.close();
  await world.close();
  await rm(home, { recursive: true, force: true });
}

async function take(browser: Browser, world: World, picture: StudioPicture): Promise<void> {
  const context = await contextOf(browser, world, picture);
  const page = await context.newPage();
  await page.goto(new URL(await picture.path(world), world.url).href);
  await picture.prepare?.(page, world);
  await settled(page);
  const png = await page.screenshot();
  const path = join(FOLDER, `${picture.name}.webp`);
  await sharp(png).webp({ quality: 82, effort: 6 }).toFile(path);
  const { length } = await readFile(path);
  console.log(`${picture.name}.webp  ${Math.round(length / 1024)} kB`);
  await context.close();
}

async function contextOf(
  browser: Browser,
  world: World,
  { isPhone = false, theme = 'light', isSignedOut = false }: StudioPicture,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: isPhone ? PHONE : DESKTOP,
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    deviceScaleFactor: isPhone ? 2 : 1,
    ...(isPhone && { hasTouch: true, isMobile: true }),
  });
  if (!isSignedOut) {
    const value = await world.session();
    await context.addCookies([
      { name: 'imagemill_session', value, url: world.url, httpOnly: true, sameSite: 'Strict' },
    ]);
  }
  return context;
}

/** Until every picture in the window is decoded. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    await page.waitForTimeout(200);
    if (await page.evaluate<boolean>(ARE_SHOWN)) break;
  }
  await page.waitForTimeout(600);
}
