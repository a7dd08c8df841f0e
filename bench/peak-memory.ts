import { readFileSync } from 'node:fs';

const BYTES_PER_MEGABYTE = 1024 * 1024;

/** The most memory that this process ever held, as the operating system counts it. */
export function peakMegabytes(): number {
  return (peakKibibytes() * 1024) / BYTES_PER_MEGABYTE;
}

/** Linux counts into `maxRSS` what the parent held when it started us; not into this one. */
function peakKibibytes(): number {
  const [, figure] = /^VmHWM:\s*(\d+) kB$/m.exec(statusText()) ?? [];
  return figure === undefined ? process.resourceUsage().maxRSS : Number(figure);
}

function statusText(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}
