const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `640 B`, `12 kB`, `3.4 GB`: decimal units, as disks have them. */
export function bytesText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit < 2 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}
