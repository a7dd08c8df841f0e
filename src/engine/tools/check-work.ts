/** Looks at each picture by itself, and makes nothing. What is found is kept as the picture's findings. */
import type { CheckTask } from '../core/job.ts';
import type { PictureCheck } from '../core/picture-check.ts';
import type { Screener } from '../finish/screen/screener.ts';
import type { PictureChecker } from '../finish/check/check-picture.ts';
import type { JobWork } from './job-work.ts';

export interface CheckWorkDeps {
  readonly checker: PictureChecker;
  readonly screener: Pick<Screener, 'screen'>;
}

export function checkWork({ checker, screener }: CheckWorkDeps, task: CheckTask): JobWork {
  return {
    perform: async ({ bytes }) => {
      const found = await checker.check(bytes);
      const findings = task.screen === true ? await screened(screener, bytes, found) : found;
      return { kind: 'done', files: [], findings };
    },
  };
}

async function screened(
  screener: CheckWorkDeps['screener'],
  bytes: Uint8Array,
  found: PictureCheck,
): Promise<PictureCheck> {
  if (found.kind !== 'picture') return found;
  const screening = await screener.screen(bytes);
  return screening === undefined ? found : { ...found, screening };
}
