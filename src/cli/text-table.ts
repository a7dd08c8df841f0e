import stringWidth from 'string-width';

export interface TableColumn {
  readonly title: string;
  readonly align?: 'right';
}

/** Lines of a table: columns as wide as their widest cell, two spaces between, no lines drawn. */
export function textTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  heading: (line: string) => string = (line) => line,
): string[] {
  const widths = columns.map((column, place) =>
    Math.max(stringWidth(column.title), ...rows.map((row) => stringWidth(row[place] ?? ''))),
  );
  const lineOf = (cells: readonly string[]) =>
    columns
      .map(({ align }, place) => padded(cells[place] ?? '', widths[place] ?? 0, align))
      .join('  ')
      .trimEnd();
  return [heading(lineOf(columns.map(({ title }) => title))), ...rows.map(lineOf)];
}

function padded(cell: string, width: number, align: 'right' | undefined): string {
  const gap = ' '.repeat(Math.max(0, width - stringWidth(cell)));
  return align === 'right' ? gap + cell : cell + gap;
}
