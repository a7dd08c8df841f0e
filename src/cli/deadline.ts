import { deadlineProblem, readSpan } from '../engine/core/deadline.ts';
import type { Read, RunChoices } from './option-kinds.ts';

/**
 * A deadline as people write it: `18:00` (today, or tomorrow when that has passed), `6h`, `90min`,
 * `2d`, or a date with a time like `2026-12-01T09:00`.
 */
export function readDeadline(text: string, now: number): Read<RunChoices> {
  const deadlineAt = momentOf(text.trim().toLowerCase(), now);
  if (deadlineAt === undefined || Number.isNaN(deadlineAt)) {
    return {
      message: 'is not a deadline',
      remedy: 'Write a time of day like 18:00, a span like 6h, 90min or 2d, or 2026-12-01T09:00.',
    };
  }
  return deadlineProblem(deadlineAt, now) ?? { value: { deadlineAt } };
}

function momentOf(text: string, now: number): number | undefined {
  const span = readSpan(text, now);
  if (span !== undefined) return span;
  const time = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (time) {
    const moment = new Date(now);
    moment.setHours(Number(time[1]), Number(time[2]), 0, 0);
    if (moment.getTime() <= now) moment.setDate(moment.getDate() + 1);
    return moment.getTime();
  }
  return /^\d{4}-\d{2}-\d{2}[t ]\d{1,2}:\d{2}/.test(text)
    ? new Date(text.replace(' ', 'T')).getTime()
    : undefined;
}
