/** A real browser for tests and the bench, where the machine has one. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's and Ubuntu's, Fedora's, Google's; or what `CHROMIUM` says. */
const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Root may not have a sandbox, and a test asks nobody's servers. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Path of the browser; `undefined` where there is none. */
export const BROWSER = PLACES.find((path) => path !== undefined && existsSync(path));

/** Why tests in a browser are left out; they run where it is `undefined`. */
export const WITHOUT_BROWSER =
  BROWSER === undefined ? 'there is no Chromium; CHROMIUM=PATH names one elsewhere' : undefined;

/** A browser with a profile of its own, which is gone when it is closed. */
export async function openBrowser(): Promise<Browser> {
  if (BROWSER === undefined) throw new Error(WITHOUT_BROWSER);
  return await chromium.launch({ executablePath: BROWSER, args: FLAGS });
}
