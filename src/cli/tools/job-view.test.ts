import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import type { JobFile } from '../../engine/core/job.ts';
import type { JobPlan, JobReport } from '../../engine/engine-types.ts';
import { JOB_PICTURE, JobMeter, type JobMoment } from './job-picture.ts';
import { jobEndLines, jobJson, jobPlanLines } from './job-view.ts';

const NOW = new Date(2026, 10, 22, 14, 3, 0).getTime();
const colours = picocolors.createColors(false);

const JOB: JobReport['job'] = {
  id: 'jabc',
  workspace: 'local',
  order: {
    sources: { kind: 'files', base: '/shots', paths: ['/shots'] },
    out: '/shots-webp',
    nameTemplate: '{stem}.{ext}',
    task: { kind: 'finish', recipe: { outputs: [] } },
  },
  state: 'done',
  createdAt: NOW,
  updatedAt: NOW,
};

function report(change: Partial<JobReport> = {}): JobReport {
  return {
    job: JOB,
    counts: { waiting: 0, done: 10, failed: 0, gone: 0 },
    bytes: { before: 4_000_000, after: 1_000_000 },
    exitCode: 0,
    reportFile: '/shots-webp/finish-report.csv',
    ...change,
  };
}

function failure(number: number): JobFile {
  const name = `p${number}.png`;
  return {
    source: name,
    name,
    number,
    version: '1',
    bytes: 1,
    state: 'failed',
    reason: 'it is empty',
    outputs: [],
  };
}

function moment(change: Partial<JobMoment> = {}): JobMoment {
  return {
    progress: {
      jobId: 'jabc',
      phase: 'working',
      counts: { waiting: 1_196, done: 409, failed: 3, gone: 1 },
      inFlight: 3,
      bytes: { before: 400_000, after: 100_000 },
      startedAt: NOW,
      now: NOW,
    },
    perMinute: 252,
    doneAt: NOW + 21 * 60_000,
    ...change,
  };
}

describe('a moment of a job', () => {
  test('shows what is done, how fast it is, when it ends and what is saved, in any width', () => {
    const lines = JOB_PICTURE.lines(moment(), 'Ctrl-C stops', { colours, width: 90 });
    const text = lines.join('\n');
    expect(text).toContain('412/1,608  25 %');
    expect(text).toContain('409 done · 3 failed · 3 in flight · 1,193 waiting');
    expect(text).toContain('4.2 images a second');
    expect(text).toContain('done about 14:24, in 21 min');
    expect(text).toContain('(75 %)');
    expect(text).toContain('Ctrl-C stops');
    for (const line of lines) expect(line.length).toBeLessThan(90);
  });

  test('is one line in a log', () => {
    expect(JOB_PICTURE.line(moment())).toMatch(/^412\/1,608 \(25 %\): 409 done · 3 failed/);
    const { progress } = moment();
    const listing = moment({ progress: { ...progress, phase: 'listing' } });
    expect(JOB_PICTURE.line(listing)).toBe('looking at the sources: 1,608');
    expect(JOB_PICTURE.share(listing)).toBe(0);
  });

  test('a slow job is told by the minute', () => {
    expect(JOB_PICTURE.line(moment({ perMinute: 12 }))).toContain('12.0 images a minute');
  });

  test('the meter knows the pace from what has ended', () => {
    let shown: JobMoment | undefined;
    const meter = new JobMeter({
      show: (draw) => (shown = draw()),
      note: () => {},
      hint: () => {},
      end: () => {},
    });
    const { progress } = moment();
    // In the time to come: the meter never takes a moment for older than the machine's clock.
    const start = Date.now() + 3_600_000;
    for (const [seconds, done] of [
      [0, 0],
      [10, 50],
    ] as const) {
      const counts = { waiting: 100 - done, done, failed: 0, gone: 0 };
      meter.update({ ...progress, counts, now: start + seconds * 1000 });
    }
    expect(shown?.perMinute).toBeCloseTo(300);
    expect(shown?.doneAt).toBeCloseTo(start + 20_000);
  });
});

describe('the end of a job', () => {
  const text = (change: Partial<JobReport>, failures: readonly JobFile[] = []) =>
    jobEndLines({ report: report(change), failures, elapsedMs: 2_000 }, colours).join('\n');

  test('tells what was made, where it is, and what was saved', () => {
    const all = text({});
    expect(all).toContain('✔ 10 pictures jabc  done in 2 s');
    expect(all).toContain('/shots-webp/finish-report.csv');
    expect(all).toContain('(75 %)');
  });

  test('tells what failed and why, and how to go on', () => {
    const failures = Array.from({ length: 12 }, (_, at) => failure(at + 1));
    const counts = { waiting: 0, done: 10, failed: 12, gone: 0 };
    const all = text({ counts, exitCode: 5 }, failures);
    expect(all).toContain('p1.png: it is empty');
    expect(all).toContain('and 2 more that failed');
    expect(all).toContain('--retry-failed');
    expect(jobJson({ report: report({ counts, exitCode: 5 }), failures })).toMatchObject({
      job: 'jabc',
      pictures: { done: 10, failed: 12, waiting: 0, gone: 0 },
      exit_code: 5,
      stopped: null,
    });
  });

  test('of one that was stopped says by what, and speaks of no report', () => {
    const counts = { waiting: 5, done: 5, failed: 0, gone: 0 };
    const stopped = 'The disk is full: /shots-webp.';
    const job = { ...JOB, state: 'running' as const };
    const all = text({ job, counts, stopped, exitCode: 8 });
    expect(all).toContain(stopped);
    expect(all).toContain('give the same command again');
    expect(all).not.toContain('finish-report');
  });

  test('bytes that became more are not called saved', () => {
    expect(text({ bytes: { before: 1_000_000, after: 4_000_000 } })).toContain('became');
  });
});

test('what a job would do is told without promising that anything was written', () => {
  const plan: JobPlan = {
    order: JOB.order,
    pictures: 20,
    bytes: 1_000_000,
    done: 5,
    leftOut: { links: 0, hidden: 2, own: 2, others: 1 },
    examples: [
      { source: 'a.png', files: [{ file: 'a.webp', width: 4, height: 3, bytes: 10 }] },
      { source: 'b.png', files: [], reason: 'it is empty' },
    ],
    forecast: { totalMs: 90_000, bytes: 500_000 },
  };
  const text = jobPlanLines(plan, colours).join('\n');
  expect(text).toContain('20 pictures');
  expect(text).toContain(
    "5 of them done already; left out: 1 other file, 2 hidden ones, 2 of Imagemill's own",
  );
  expect(text).toContain('→ a.webp  4x3');
  expect(text).toContain('it is empty');
  expect(text).toContain('About 2 min on this machine');
  expect(text).toContain('Nothing was written.');
});
