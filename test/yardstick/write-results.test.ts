import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Life } from '../../bench/yardstick/live-scenario.ts';
import type { Results } from '../../bench/yardstick/results.ts';
import { SCENARIO_NAMES, scenarioOf } from '../../bench/yardstick/scenarios.ts';
import { withPart, writeResults } from '../../bench/yardstick/write-results.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function life(contender: string, scenario: string): Life {
  return {
    contender,
    scenario,
    seed: 1,
    seconds: 12,
    boundSeconds: 10,
    sheetOrderSeconds: 11,
    isStopped: false,
    cpuSeconds: 1,
    peakMegabytes: 120,
    serviceCpuSeconds: 0,
    rows: 10,
    files: 10,
    paid: 11,
    paidTwice: 1,
    lost: 0,
    held: 0,
    unaccounted: 0,
    overCapUsd: 0,
    usd: 0.5,
    tooMany: 3,
    mostInWindow: 4,
  };
}

const results: Results = {
  machine: { cores: 2, processor: 'any', node: 'v24' },
  firstSeed: 1,
  isQuick: false,
  leftOut: { bullmq: 'redis-server is not installed' },
  scenarios: SCENARIO_NAMES.map((name) => scenarioOf(name, false)),
  lives: SCENARIO_NAMES.flatMap((scenario) => [
    life('imagemill', scenario),
    life('pg-boss', scenario),
  ]),
};

test('writes figures, charts, the page, and the part of the README between the marks', async () => {
  const root = await temporaryFolder();
  const marks = ['<!-- yardstick:begin -->', '<!-- yardstick:end -->'];
  await writeFile(join(root, 'README.md'), `before\n${marks.join('\nearlier figures\n')}\nafter\n`);
  await writeResults(results, root);
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  expect(readme).toMatch(/^before\n<!-- yardstick:begin -->\n\| /);
  expect(readme).toContain('| Imagemill | 1.20 | 1.20 | 3, 3 | 2 |');
  expect(readme).not.toContain('earlier figures');
  expect(readme.endsWith('<!-- yardstick:end -->\nafter\n')).toBe(true);
  expect((await readdir(join(root, 'docs', 'yardstick'))).toSorted()).toEqual([
    'cpu-of-pictures.svg',
    'cpu.svg',
    'money.svg',
    'results.json',
    'throughput.svg',
    'time-over-bound.svg',
  ]);
  const page = await readFile(join(root, 'docs', 'yardstick.md'), 'utf8');
  expect(page).toContain('Left out: bullmq, redis-server is not installed.');
  const chart = await readFile(join(root, 'docs', 'yardstick', 'money.svg'), 'utf8');
  expect(chart).toContain('prefers-color-scheme: dark');
});

test('a text without the marks stays as it is', () => {
  expect(withPart('nothing to see', 'figures')).toBe('nothing to see');
});
