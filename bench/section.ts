/** One part of the bench: what was measured, in words and as a table of figures. */
export interface Section {
  readonly title: string;
  /** How it was measured, a line each. */
  readonly how: readonly string[];
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

/** `8.24`, `123`, `1,234,567`: three digits that say something, no more. */
export function figure(value: number): number {
  if (value >= 100) return Math.round(value);
  return Number(value.toPrecision(3));
}

/** Columns as wide as their widest cell; numbers to the right. */
export function sectionText({ title, how, rows }: Section): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => columns.map((column) => cellText(row[column])));
  const widths = columns.map((column, at) =>
    Math.max(column.length, ...cells.map((row) => row[at]!.length)),
  );
  const isNumber = columns.map((column) => rows.every((row) => typeof row[column] !== 'string'));
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, at) => (isNumber[at] ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [
    title,
    ...how.map((line) => `  ${line}`),
    lineOf(columns),
    rule,
    ...cells.map(lineOf),
  ].join('\n');
}

function cellText(value: string | number | undefined): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : (value ?? '');
}
