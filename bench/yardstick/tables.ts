import type { Section } from '../section.ts';
import type { AllLives } from './run-all.ts';
import type { Life } from './live-scenario.ts';
import { figure } from '../section.ts';

export function tablesOf({ scenarios, lives }: AllLives): Section[] {
  return scenarios.map(({ name, title }) => ({
    title,
    how: [],
    rows: lives.filter(({ scenario }) => scenario === name).map(rowOf),
  }));
}

function rowOf(life: Life): Section['rows'][number] {
  return {
    contender: life.contender,
    seed: life.seed,
    s: life.isStopped ? 'stopped' : String(figure(life.seconds)),
    bound: life.boundSeconds ? figure(life.seconds / life.boundSeconds) : 0,
    rows: life.rows,
    files: life.files,
    paid: life.paid,
    twice: life.paidTwice,
    lost: life.lost,
    held: life.held,
    unacc: life.unaccounted,
    overcap: figure(life.overCapUsd),
    '429': life.tooMany,
    window: life.mostInWindow,
    mb: figure(life.peakMegabytes),
    cpuMs: figure((life.cpuSeconds * 1000) / Math.max(1, life.paid)),
    srvMs: figure((life.serviceCpuSeconds * 1000) / Math.max(1, life.paid)),
    rate: figure(life.paid / life.seconds),
  };
}
