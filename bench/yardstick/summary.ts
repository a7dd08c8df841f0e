/** All seeds of a scenario together: times by their median, counts by their sum. */
import type { Life } from './live-scenario.ts';

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Summary {
  readonly contender: string;
  readonly lives: number;
  readonly isStopped: boolean;
  readonly seconds: Spread;
  /** Of those that made every picture: who leaves some out is sooner done. Absent: none did. */
  readonly overBound?: Spread;
  /** The same over the bound in the sheet's order. */
  readonly overSheetOrder?: Spread;
  readonly imagesPerSecond: Spread;
  readonly cpuMsPerImage: Spread;
  readonly serviceCpuMsPerImage: Spread;
  readonly peakMegabytes: Spread;
  readonly rows: number;
  readonly files: number;
  readonly paid: number;
  readonly paidTwice: number;
  readonly lost: number;
  readonly held: number;
  readonly unaccounted: number;
  readonly tooMany: number;
  readonly mostInWindow: number;
  readonly overCapUsd: number;
}

export function summarise(lives: readonly Life[], scenario: string, contender: string): Summary {
  const own = lives.filter((life) => life.scenario === scenario && life.contender === contender);
  const spread = (of: (life: Life) => number) => spreadOf(own.map(of));
  const sum = (of: (life: Life) => number) => own.reduce((whole, life) => whole + of(life), 0);
  const perImage = (seconds: number, { paid }: Life) => (seconds * 1000) / Math.max(1, paid);
  const whole = own.filter(({ files, rows, isStopped }) => files === rows && !isStopped);
  return {
    contender,
    lives: own.length,
    isStopped: own.some(({ isStopped }) => isStopped),
    seconds: spread(({ seconds }) => seconds),
    ...(whole.length > 0 && {
      overBound: spreadOf(whole.map(({ seconds, boundSeconds }) => seconds / boundSeconds)),
      overSheetOrder: spreadOf(
        whole.map(({ seconds, sheetOrderSeconds }) => seconds / sheetOrderSeconds),
      ),
    }),
    imagesPerSecond: spread(({ files, seconds }) => files / seconds),
    cpuMsPerImage: spread((life) => perImage(life.cpuSeconds, life)),
    serviceCpuMsPerImage: spread((life) => perImage(life.serviceCpuSeconds, life)),
    peakMegabytes: spread(({ peakMegabytes }) => peakMegabytes),
    rows: sum(({ rows }) => rows),
    files: sum(({ files }) => files),
    paid: sum(({ paid }) => paid),
    paidTwice: sum(({ paidTwice }) => paidTwice),
    lost: sum(({ lost }) => lost),
    held: sum(({ held }) => held),
    unaccounted: sum(({ unaccounted }) => unaccounted),
    tooMany: sum(({ tooMany }) => tooMany),
    mostInWindow: Math.max(0, ...own.map(({ mostInWindow }) => mostInWindow)),
    overCapUsd: sum(({ overCapUsd }) => overCapUsd),
  };
}

function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((one, other) => one - other);
  return {
    median: sorted[Math.floor((sorted.length - 1) / 2)] ?? 0,
    least: sorted[0] ?? 0,
    most: sorted.at(-1) ?? 0,
  };
}
