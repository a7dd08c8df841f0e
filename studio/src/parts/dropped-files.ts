/** Files of a drop or a paste, those in folders too, and which of them are of the wanted kind. */

/** As React Aria hands them over. */
export type DroppedItem =
  | { readonly kind: 'file'; getFile(): Promise<File> }
  | { readonly kind: 'directory'; getEntries(): AsyncIterable<DroppedItem> }
  | { readonly kind: 'text' };

/** A folder that is dropped by mistake shall not fill the memory. */
const MOST_FILES = 10_000;

export async function filesOfDrop(items: Iterable<DroppedItem>): Promise<File[]> {
  const files: File[] = [];
  await collect(items, files);
  return files;
}

async function collect(
  items: Iterable<DroppedItem> | AsyncIterable<DroppedItem>,
  files: File[],
): Promise<void> {
  for await (const item of items) {
    if (files.length >= MOST_FILES) return;
    if (item.kind === 'file') files.push(await item.getFile());
    if (item.kind === 'directory') await collect(item.getEntries(), files);
  }
}

/** By its media type (`image/*`, `text/csv`) or the ending of its name (`.csv`). */
export function isAccepted(
  { name, type }: Pick<File, 'name' | 'type'>,
  accept: readonly string[] | undefined,
): boolean {
  if (accept === undefined || accept.length === 0) return true;
  return accept.some((kind) => {
    if (kind.startsWith('.')) return name.toLowerCase().endsWith(kind.toLowerCase());
    return kind.endsWith('/*') ? type.startsWith(kind.slice(0, -1)) : type === kind;
  });
}
