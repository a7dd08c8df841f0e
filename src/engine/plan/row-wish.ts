import type { Quality } from '../core/quality.ts';
import type { Row } from '../core/row.ts';
import type { RunSettings } from '../core/settings.ts';
import { sizeOfRatio, type Size } from '../core/size.ts';
import type { RowProblem } from './row-problem.ts';

/** A style's words around a prompt. `undefined`: no style of this name. */
export type ApplyStyle = (
  style: string,
  prompt: string,
  negativePrompt: string | undefined,
) => { readonly prompt: string; readonly negativePrompt?: string } | undefined;

/** What a row asks for, with the run's settings filled in, whichever model makes it. */
export interface RowWish {
  readonly prompt: string;
  readonly negativePrompt: string | undefined;
  readonly size: Size;
  /** Where the size comes from: the column to name in a problem, if any. */
  readonly sizeColumn: 'size' | 'aspect_ratio' | undefined;
  readonly quality: Quality;
  readonly seed: number | undefined;
  readonly count: number;
  readonly references: readonly string[];
  readonly promptBytes: number;
  readonly negativeBytes: number;
  readonly style: string | undefined;
  /** The row names a style, and no styles file was given. */
  readonly styleIgnored: boolean;
}

/** The row's wish: its own cells first, then the settings. A problem when its style is not known. */
export function rowWish(
  row: Row,
  settings: RunSettings,
  applyStyle: ApplyStyle | undefined,
): RowWish | RowProblem {
  const negative = row.negativePrompt ?? settings.negative;
  const plain = {
    prompt: row.prompt,
    ...(negative === undefined ? {} : { negativePrompt: negative }),
  };
  const styled =
    row.style === undefined || !applyStyle ? plain : applyStyle(row.style, row.prompt, negative);
  if (!styled) {
    return {
      column: 'style',
      value: row.style ?? '',
      message: 'No style of this name is in the styles file',
      remedy: 'Correct the name, or leave the cell empty.',
    };
  }
  const negativePrompt = styled.negativePrompt === '' ? undefined : styled.negativePrompt;
  return {
    prompt: styled.prompt,
    negativePrompt,
    ...sizeOf(row, settings),
    quality: row.quality ?? settings.quality,
    seed: row.seed ?? settings.seed,
    count: row.count ?? settings.count,
    references: row.references,
    promptBytes: Buffer.byteLength(styled.prompt),
    negativeBytes: negativePrompt === undefined ? 0 : Buffer.byteLength(negativePrompt),
    style: row.style,
    styleIgnored: row.style !== undefined && !applyStyle,
  };
}

/** A ratio takes the area of the run's size. */
function sizeOf(row: Row, settings: RunSettings): Pick<RowWish, 'size' | 'sizeColumn'> {
  if (row.size) return { size: row.size, sizeColumn: 'size' };
  if (!row.aspectRatio) return { size: settings.size, sizeColumn: undefined };
  const [across, down] = row.aspectRatio;
  return { size: sizeOfRatio(across, down, settings.size), sizeColumn: 'aspect_ratio' };
}
