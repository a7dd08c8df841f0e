/** Sizes of files, and what is saved, as people say them. */
const FIGURE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** `640 B`, `82 kB`, `1.4 MB`, `2.1 GB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return bytes < 1e9 ? `${FIGURE.format(bytes / 1e6)} MB` : `${FIGURE.format(bytes / 1e9)} GB`;
}

/** `−62 %`, `+340 %`; empty where nothing was before. */
export function changeText(before: number, after: number): string {
  if (before === 0) return '';
  const percent = Math.round((after / before - 1) * 100);
  if (percent === 0) return 'same size';
  return percent < 0 ? `−${-percent} %` : `+${percent} %`;
}
