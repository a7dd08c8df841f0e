import type { MarkOrder } from '../core/finisher.ts';
import type { Master } from './convert/open-master.ts';
import type { PlannedOutput } from './convert/plan-outputs.ts';
import { signFinished } from './credentials/sign-finished.ts';
import type { SigningIdentity } from './credentials/signing-identity.ts';
import { carryMarks, type MarkedFile } from './mark/carry-marks.ts';

export interface Closing {
  readonly master: Master;
  readonly marks: MarkOrder;
  /** Absent: files are not signed. */
  readonly signing?: SigningIdentity;
}

/**
 * What goes into a file after its pixels: its marks, and last its credentials. Without an `output` it is
 * the master itself. Throws `UnusablePicture` when it cannot be signed.
 */
export async function closeFile(
  file: Uint8Array,
  { master, marks, signing }: Closing,
  output?: PlannedOutput,
): Promise<MarkedFile> {
  const { bytes, marked } = carryMarks(master.bytes, file, marks);
  if (signing === undefined) return { bytes, marked };
  const unsigned = { bytes, master, marks, ...(output !== undefined && { output }) };
  return { bytes: await signFinished(unsigned, signing), marked };
}
