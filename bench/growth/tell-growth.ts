/** Figures into their files, curves into pictures, and both in a few lines of text. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawCurves } from '../many-rows/curve.ts';
import { figure, sectionText } from '../section.ts';
import type { BucketFigures } from './bucket-calls.ts';
import {
  type CurveSet,
  locksCurves,
  picturesCurves,
  readingCurves,
  workersCurves,
  workspacesCurves,
} from './growth-curves.ts';
import { growthOf } from './growth-words.ts';
import type { LockTimes } from './lock-times.ts';
import type { PictureCost } from './picture-cost.ts';
import type { ReadingPoint } from './reading-costs.ts';
import type { WorkersFigures } from './workers-curve.ts';
import type { WorkspacesPoint } from './workspaces-curve.ts';

/** What each part measures. */
export interface GrowthFigures {
  readonly workers: WorkersFigures;
  readonly workspaces: readonly WorkspacesPoint[];
  readonly reading: readonly ReadingPoint[];
  readonly locks: readonly LockTimes[];
  readonly bucket: BucketFigures;
  readonly pictures: readonly PictureCost[];
}
export type GrowthPart = keyof GrowthFigures;

/** A file of figures: `GROWTH_FILES[part]`. */
export interface Measured<Figures> {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly seed: number;
  readonly command: string;
  readonly seconds: number;
  readonly figures: Figures;
}

export const GROWTH_FILES: Readonly<Record<GrowthPart, string>> = {
  workers: 'workers-curve.json',
  workspaces: 'workspaces-curve.json',
  reading: 'reading-costs.json',
  locks: 'lock-times.json',
  bucket: 'bucket-calls.json',
  pictures: 'picture-cost.json',
};

/** True when a bill and the books did not agree. */
export async function tellGrowth(
  folder: string,
  part: GrowthPart,
  told: Measured<unknown>,
): Promise<boolean> {
  const sets = curvesOf(part, told.figures);
  const growth = sets.flatMap(({ curves, isEach, across }) =>
    curves.map((curve) => ({ across, ...growthOf(curve, isEach) })),
  );
  const text = JSON.stringify({ ...told, growth }, undefined, 2);
  await writeFile(join(folder, GROWTH_FILES[part]), `${text}\n`);
  for (const { name, ...set } of sets) {
    await writeFile(join(folder, `${name}.svg`), drawCurves({ ...set, from: 0 }));
    console.log(`${sectionText(sectionOf(set))}\n`);
  }
  const wrong = wrongIn(part, told.figures);
  for (const line of wrong) console.error(`  wrong: ${line}`);
  return wrong.length > 0;
}

function sectionOf({ title, note, across, curves, isEach }: Omit<CurveSet, 'name'>) {
  const rows = curves.map((curve) => {
    const { exponent, last, words } = growthOf(curve, isEach);
    const points = curve.points.map(({ rows: at, value }) => [`${at}`, figure(value)] as const);
    return {
      what: curve.name,
      ...Object.fromEntries(points),
      slope: Number(exponent.toFixed(2)),
      'at its end': Number(last.toFixed(2)),
      all: words,
    };
  });
  return { title, how: [note, `Across: ${across}. The slope is that of the logarithms.`], rows };
}

function curvesOf(part: GrowthPart, figures: unknown): CurveSet[] {
  switch (part) {
    case 'workers':
      return workersCurves(figures as WorkersFigures);
    case 'workspaces':
      return workspacesCurves(figures as WorkspacesPoint[]);
    case 'reading':
      return readingCurves(figures as ReadingPoint[]);
    case 'locks':
      return locksCurves(figures as LockTimes[]);
    case 'pictures':
      return picturesCurves(figures as PictureCost[]);
    case 'bucket':
      return [];
  }
  return part satisfies never;
}

function wrongIn(part: GrowthPart, figures: unknown): readonly string[] {
  if (part === 'workers') {
    const { slow, quick } = figures as WorkersFigures;
    return [...slow, ...quick].flatMap(({ wrong }) => wrong);
  }
  if (part === 'workspaces') return (figures as WorkspacesPoint[]).flatMap(({ wrong }) => wrong);
  return part === 'bucket' ? (figures as BucketFigures).wrong : [];
}
