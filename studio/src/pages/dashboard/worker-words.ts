/** Processes and their work, as people say it. */
import type { WorkersAnswer } from '../../queries/workers.ts';
import { countText } from './figures.ts';

export type Worker = WorkersAnswer['data'][number];
export type WorkerKind = Worker['takes'][number];
export type ByKind = WorkersAnswer['taking'];

export const KINDS = ['runs', 'finishing', 'jobs'] as const satisfies readonly WorkerKind[];

export const STANDINGS = {
  working: { text: 'works', color: 'success' },
  draining: { text: 'drains', color: 'default' },
  lapsed: { text: 'not heard of', color: 'warning' },
  gone: { text: 'gone', color: 'danger' },
} as const satisfies Record<Worker['standing'], { text: string; color: string }>;

const TAKES = {
  runs: 'takes runs',
  finishing: 'finishes pictures of others',
  jobs: 'takes jobs',
} as const satisfies Record<WorkerKind, string>;

/** `No worker takes runs or jobs`. */
export function missingTitle(missing: readonly WorkerKind[]): string {
  return `No worker ${missing.map((kind) => TAKES[kind]).join(', or ')}`;
}

/** `3 take runs, 2 finish pictures, 3 take jobs`. */
export function takingText({ runs, finishing, jobs }: ByKind): string {
  const takes = (count: number) => `${countText(count)} ${count === 1 ? 'takes' : 'take'}`;
  const finishes = `${countText(finishing)} ${finishing === 1 ? 'finishes' : 'finish'}`;
  return `${takes(runs)} runs, ${finishes} pictures of others, ${takes(jobs)} jobs`;
}

export function takesText(takes: readonly WorkerKind[]): string {
  if (takes.length === KINDS.length) return 'everything';
  return takes.length === 0 ? 'nothing' : takes.join(', ');
}

/** What it has beside that: keys of vendors, and means. */
export function meansText({ vendors, skills, has_same_images: isSame, version }: Worker): string {
  const parts = [
    ...(vendors.length > 0 ? [vendors.join(', ')] : []),
    ...skills,
    ...(isSame || version === null ? [] : ['keeps its images elsewhere']),
  ];
  return parts.join(' · ');
}
