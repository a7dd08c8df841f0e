/**
 * Part of `npm run build`: what the program reads beside its own code (the parts of the contact sheet's
 * page) goes to the same place in `dist`, where `tsc` writes code only.
 */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const ASSETS = 'src/engine/deliver/contact-page/page';

await cp(join(ROOT, ASSETS), join(ROOT, 'dist', ASSETS), {
  recursive: true,
  filter: (path) => !/\.ts$|\.json$/.test(path),
});
