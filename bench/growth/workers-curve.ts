/** One run on 1, 2, 4 and 8 workers: with a vendor that takes its time, and with one that answers at once. */
import { join } from 'node:path';
import { inChild } from '../in-child.ts';
import type { PlainPainterInput } from '../jobs/plain-painter.ts';
import type { Service } from '../yardstick/services/service.ts';
import { Mill, SLOW_MS } from './mill.ts';
import { type Painter, SIZE } from './mill-config.ts';
import { measurePoint, type PointFigures } from './run-point.ts';

/** Most calls of one worker in flight: so few that the slow vendor bounds it, also on two cores. */
export const CALLS_A_WORKER = 4;
const SLOW_IMAGES_A_WORKER = 64;
const QUICK_IMAGES = 600;

export interface WorkersPoint extends PointFigures {
  /** What calls in flight and latency allow at most; absent without latency. */
  readonly boundImagesPerSecond?: number;
  /** A loop without books and with as many calls in flight, in one process. */
  readonly plain: { readonly imagesPerSecond: number; readonly cpuMs: number };
}

export interface WorkersFigures {
  readonly slow: readonly WorkersPoint[];
  readonly quick: readonly WorkersPoint[];
}

export interface CurveOrder {
  readonly folder: string;
  readonly postgres: Service;
  readonly seed: number;
  readonly isQuick: boolean;
  readonly say: (line: string) => void;
}

export async function measureWorkers(order: CurveOrder): Promise<WorkersFigures> {
  const { isQuick, say } = order;
  const counts = isQuick ? [1, 2] : [1, 2, 4, 8];
  const slow: WorkersPoint[] = [];
  const quick: WorkersPoint[] = [];
  await using mill = await Mill.open({ ...order, name: 'workers', concurrency: CALLS_A_WORKER });
  for (const workers of counts) {
    await mill.haveWorkers(workers);
    // What a process loads for its first picture is no cost of the others.
    await measurePoint(mill, [words('warm', workers, 'quick', 24 * workers)]);
    const images = isQuick ? 32 * workers : SLOW_IMAGES_A_WORKER * workers;
    slow.push({
      ...(await point(mill, order, workers, 'slow', images)),
      boundImagesPerSecond: (workers * CALLS_A_WORKER * 1_000) / SLOW_MS,
    });
    quick.push(await point(mill, order, workers, 'quick', isQuick ? 200 : QUICK_IMAGES));
    say(
      `workers ${workers}: ${slow.at(-1)!.imagesPerSecond.toFixed(1)} images/s with latency, ` +
        `${quick.at(-1)!.imagesPerSecond.toFixed(1)} without`,
    );
  }
  return { slow, quick };
}

function words(title: string, workers: number, painter: Painter, images: number) {
  return { workspace: 'local', title: `${title} ${painter} ${workers}`, images, painter };
}

async function point(
  mill: Mill,
  { folder }: CurveOrder,
  workers: number,
  painter: Painter,
  images: number,
): Promise<WorkersPoint> {
  const figures = await measurePoint(mill, [words('run', workers, painter, images)]);
  const input: PlainPainterInput = {
    folder: join(folder, `plain-${painter}-${workers}`),
    baseUrl: mill.options.painters[painter],
    images,
    concurrency: workers * CALLS_A_WORKER,
    size: `${SIZE.width}x${SIZE.height}`,
  };
  const { output, cpuSeconds } = await inChild<{ seconds: number }>('plain-painter', input);
  const plain = {
    imagesPerSecond: images / output.seconds,
    cpuMs: (cpuSeconds / images) * 1000,
  };
  return { ...figures, plain };
}
