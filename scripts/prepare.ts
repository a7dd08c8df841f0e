/**
 * Run by `npm install` in a clone: builds the studio, so that `imagemill serve` has its pages. Without the
 * packages that build (`--omit=dev`) nothing is built; whoever installs so copies `dist/studio` along.
 */
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

const vite = await import('vite').catch(() => undefined);
if (vite === undefined) console.log('The studio is not built: vite is not installed.');
else await vite.build({ root: join(ROOT, 'studio'), logLevel: 'warn' });
