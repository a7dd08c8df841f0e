/**
 * `npm run demo`: the main job on the sheet that we ship, without a key, a network or a question.
 * Keys and settings of the environment play no part: it is always the demo model that paints.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = 'demo-out';
const home = `${out}/.imagemill`;

const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^IMAGEMILL_|_API_KEY$|_BASE_URL$|^DATABASE_URL$/.test(name),
  ),
);

const run = spawnSync(
  process.execPath,
  [
    '--disable-warning=ExperimentalWarning',
    'src/cli/main.ts',
    'run',
    'examples/demo.csv',
    '--yes',
    '--model=demo',
    `--out=${out}`,
    `--home=${home}`,
  ],
  { cwd: root, env: environment, stdio: 'inherit' },
);
if (run.status !== 0) process.exit(run.status ?? 1);

const images = readdirSync(`${root}/${out}`).filter((name) => name.endsWith('.png')).length;
console.log(`
Look at      ${out}/contact-sheet.html      all ${images} images, in a browser
             ${out}/contact-sheet.webp      the same in one picture
             ${out}/results.csv             the sheet with what became of each row
Try next     edit examples/demo.csv and run this again: only new and changed rows are made
             ./imagemill run YOUR-SHEET.csv   your own prompts; with a key (OPENAI_API_KEY …)
                                          real models make them, after asking
             ./imagemill simulate             rehearse with paid models, for nothing
             ./imagemill help                 all commands, by example`);
