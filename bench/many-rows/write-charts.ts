/** Curves of what `scripts/million-rows.ts` has measured, as SVG beside its figures. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Curve, drawCurves } from './curve.ts';
import type { ApiFigures } from './measure-api.ts';
import type { Way } from './way.ts';

const ENGINES = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const;
/** Questions that pages ask when they are opened. */
const SHOWN = ['list of runs', 'run', 'tiles, end', 'not delivered', 'review, first', 'dashboard'];

/** Those of which there are figures. */
export async function writeRowsCharts(folder: string): Promise<void> {
  for (const [engine, name] of Object.entries(ENGINES)) {
    const run = await figuresOf<{ ways: readonly Way[] }>(folder, `rows-run-${engine}.json`);
    const plan = await figuresOf<{ ways: readonly Way[] }>(folder, `rows-plan-${engine}.json`);
    const ways = run?.ways ?? plan?.ways;
    if (ways !== undefined) await writeWays(folder, engine, name, ways);
    const api = await figuresOf<{ sizes: readonly ApiFigures[] }>(
      folder,
      `rows-api-${engine}.json`,
    );
    if (api !== undefined) await writeApi(folder, engine, name, api.sizes);
  }
}

async function writeWays(
  folder: string,
  engine: string,
  name: string,
  ways: readonly Way[],
): Promise<void> {
  const stages = ways[0]!.stages.map(({ stage }) => stage);
  const curvesOf = (of: 'seconds' | 'peakMegabytes') =>
    stages.map((stage): Curve => ({
      name: stage,
      points: ways.flatMap(({ rows, stages: all }) =>
        all
          .filter((each) => each.stage === stage && each[of] > 0)
          .map((each) => ({ rows, value: each[of] })),
      ),
    }));
  const time = drawCurves({
    title: `Seconds of each stage, ${name}`,
    note: 'Both axes are logarithmic: what is linear rises by one for one',
    unit: 'seconds',
    curves: curvesOf('seconds'),
  });
  await writeFile(join(folder, `rows-time-${engine}.svg`), time);
  const memory = drawCurves({
    title: `Most memory of each stage, ${name}`,
    note: 'Flat is what it should be',
    unit: 'MB',
    curves: curvesOf('peakMegabytes'),
  });
  await writeFile(join(folder, `rows-memory-${engine}.svg`), memory);
}

async function writeApi(
  folder: string,
  engine: string,
  name: string,
  sizes: readonly ApiFigures[],
): Promise<void> {
  const chart = drawCurves({
    title: `What the service takes on a run of so many rows, ${name}`,
    note: 'The 95th percentile of 20 questions',
    unit: 'ms',
    curves: SHOWN.map((route) => ({
      name: route,
      points: sizes.flatMap(({ rows, routes }) =>
        routes.filter((each) => each.route === route).map((each) => ({ rows, value: each.p95Ms })),
      ),
    })),
  });
  await writeFile(join(folder, `rows-api-${engine}.svg`), chart);
}

async function figuresOf<Figures>(folder: string, file: string): Promise<Figures | undefined> {
  const text = await readFile(join(folder, file), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Figures);
}
