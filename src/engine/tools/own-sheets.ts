/** Contact sheets of ours with their thumbnails, which lie in folders of pictures and are none of them. */
const OWN_SHEETS = /(?:^|\/)contact-sheet[^/]*(?:\.webp|\/[0-9a-f]{64}-\d+\.webp)$/;

/** `path`: with `/` between folders. */
export function isOwnSheet(path: string): boolean {
  return OWN_SHEETS.test(path);
}
