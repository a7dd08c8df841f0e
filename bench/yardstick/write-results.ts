/** Everything that the yardstick leaves behind: figures, charts, the page, and the README's part. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chartsOf } from './charts.ts';
import { methodPage } from './method-page.ts';
import type { Results } from './results.ts';
import { glance, markdownTable } from './tables.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BEGIN = '<!-- yardstick:begin -->';
const END = '<!-- yardstick:end -->';

/** Writes below `root` (the repository): `docs/yardstick/`, `docs/yardstick.md`, the part of README.md. */
export async function writeResults(results: Results, root = ROOT): Promise<void> {
  const folder = join(root, 'docs', 'yardstick');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  for (const [name, svg] of chartsOf(results)) await writeFile(join(folder, name), svg);
  await writeFile(join(root, 'docs', 'yardstick.md'), methodPage(results));
  const readme = join(root, 'README.md');
  const before = await readFile(readme, 'utf8');
  const after = withPart(before, readmePart(results));
  if (after !== before) await writeFile(readme, after);
}

/** The text with what stands between the marks replaced; as it was where the marks are missing. */
export function withPart(text: string, part: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin === -1 || end < begin) return text;
  return `${text.slice(0, begin + BEGIN.length)}\n${part}\n${text.slice(end)}`;
}

function readmePart(results: Results): string {
  const { machine, firstSeed } = results;
  const seeds = Math.max(...results.scenarios.map((scenario) => scenario.seeds));
  return `${markdownTable(glance(results))}

![Time to finish over the least possible time](docs/yardstick/time-over-bound.svg)
![Images paid for nothing](docs/yardstick/money.svg)

Measured by \`npm run yardstick\` on ${machine['cores']} cores (${machine['processor']}), ${machine['memory GB']} GB,
Node ${machine['node']}, seeds ${firstSeed} to ${firstSeed + seeds - 1}. Method, every figure, and what is unfair to
whom: [docs/yardstick.md](docs/yardstick.md).`;
}
