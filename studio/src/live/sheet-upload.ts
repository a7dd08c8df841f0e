/** Large sheets: sent once, and then named wherever an order has them. */
import type { SheetUpload } from '../../../src/api/client/index.ts';
import { forgetUpload, LARGE_BYTES, resumableUpload } from './resumable-upload.ts';

/** Files that were sent so; a file that was made here is another one each time. */
const sent = new WeakSet<File>();

/** What the server reads: the file, or the id of its upload. `onShare`: from 0 to 1. */
export async function sentSheet(
  file: File,
  onShare: (share: number) => void,
): Promise<File | string> {
  if (file.size < LARGE_BYTES) return file;
  const onSent = (bytes: number) => onShare(bytes / file.size);
  const upload = await resumableUpload(file, { purpose: 'sheet', onSent });
  sent.add(file);
  return upload;
}

/** The same order, with the upload in place of a sheet that was sent. */
export async function withSentSheet(
  order: SheetUpload,
  signal?: AbortSignal,
): Promise<SheetUpload> {
  const { sheet } = order;
  if (!(sheet instanceof File) || !sent.has(sheet)) return order;
  const resuming = { purpose: 'sheet', ...(signal && { signal }) } as const;
  return { ...order, sheet: await resumableUpload(sheet, resuming) };
}

/** A run was made of it. */
export function forgetSheet({ sheet }: SheetUpload): void {
  if (sheet instanceof File && sent.has(sheet)) forgetUpload(sheet, 'sheet');
}
