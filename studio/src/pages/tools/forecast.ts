/** From one picture that was tried to all of them. */
import type { MadePreview } from '../../../../src/api/client/index.ts';
import type { Pictures } from './pictures.ts';

export interface Forecast {
  readonly seconds: number;
  readonly after: number;
  /** Absent: nobody has counted the bytes of a run. */
  readonly before?: number;
}

export function forecastOf(
  { took_ms: tookMs, at_once: atOnce, before, files }: MadePreview['figures'],
  pictures: Pictures,
  count: number,
): Forecast {
  const seconds = (tookMs / 1000) * Math.ceil(count / atOnce);
  const after = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (pictures.kind === 'run' || before.bytes === 0) return { seconds, after: after * count };
  const all = pictures.files.reduce((sum, { size }) => sum + size, 0);
  return { seconds, before: all, after: (after / before.bytes) * all };
}
