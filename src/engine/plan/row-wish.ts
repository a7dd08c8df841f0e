import type { Quality } from '../core/quality.ts';
import type { Row } from '../core/row.ts';
import type { RunSettings } from '../core/settings.ts';
import { sizeOfRatio, type Size } from '../core/size.ts';

/** The row with its style's words put into its prompts. */
export type ApplyStyle = (row: Row) => Row;

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
  /** The column to name in a problem of theirs, if they are the row's own. */
  readonly referenceColumn: 'image' | undefined;
  /** UTF-8 bytes. */
  readonly promptBytes: number;
  readonly negativeBytes: number;
}

/** The row's wish: its own cells first, then the settings; a style comes on top of both. */
export function rowWish(
  row: Row,
  settings: RunSettings,
  applyStyle: ApplyStyle | undefined,
): RowWish {
  const { prompt, negativePrompt } = styled(withNegative(row, settings.negative), applyStyle);
  return {
    prompt,
    negativePrompt,
    ...sizeOf(row, settings),
    quality: row.quality ?? settings.quality,
    seed: row.seed ?? settings.seed,
    count: row.count ?? settings.count,
    references: row.references,
    referenceColumn: row.lentReferences ? undefined : 'image',
    promptBytes: Buffer.byteLength(prompt),
    negativeBytes: negativePrompt === undefined ? 0 : Buffer.byteLength(negativePrompt),
  };
}

/** The row's own negative prompt replaces that of the settings. */
function withNegative(row: Row, negative: string | undefined): Row {
  const isOwn = row.negativePrompt !== undefined || negative === undefined || negative === '';
  return isOwn ? row : { ...row, negativePrompt: negative };
}

function styled(row: Row, applyStyle: ApplyStyle | undefined): Row {
  return row.style === undefined || !applyStyle ? row : applyStyle(row);
}

/** A ratio takes the area of the run's size. */
function sizeOf(row: Row, settings: RunSettings): Pick<RowWish, 'size' | 'sizeColumn'> {
  if (row.size) return { size: row.size, sizeColumn: 'size' };
  if (!row.aspectRatio) return { size: settings.size, sizeColumn: undefined };
  const [across, down] = row.aspectRatio;
  return { size: sizeOfRatio(across, down, settings.size), sizeColumn: 'aspect_ratio' };
}
