/** From the draft to what the server is asked for. */
import Papa from 'papaparse';
import type { SheetUpload } from '../../../../src/api/client/index.ts';
import {
  type Draft,
  isFilled,
  promptsOf,
  rowCountOf,
  type Source,
  type TableColumn,
} from '../../parts/draft/draft.ts';

/** Undefined: there is nothing to plan yet. */
export function orderOf(draft: Draft): SheetUpload | undefined {
  const { source, styles, style, title } = draft;
  if (rowCountOf(source) === 0) return undefined;
  const named = styles.filter(({ name }) => name.trim() !== '');
  const styleForAll = named.some(({ name }) => name === style) ? style : '';
  return {
    sheet: sheetOf(source, styleForAll),
    settings: { ...draft.settings, column_map: columnMapOf(source, styleForAll) },
    ...(named.length > 0 && { styles: stylesFile(named) }),
    ...(title.trim() !== '' && { title: title.trim() }),
  };
}

function sheetOf(source: Source, style: string): File {
  if (source.kind === 'file') return source.file;
  if (source.kind === 'text') {
    const prompts = promptsOf(source.text);
    const rows = prompts.map((prompt) => ({ prompt, ...(style !== '' && { style }) }));
    return linesFile(rows, prompts.length === 1 ? '1 prompt' : `${prompts.length} prompts`);
  }
  const { columns, rows, name } = source;
  const stylePlace = columns.findIndex(({ meaning }) => meaning === 'style');
  const objects = rows.map((row) => {
    const cells = columns.map(({ heading }, at) => [heading, row.cells[at] ?? ''] as const);
    const isWithout = stylePlace === -1 || (row.cells[stylePlace] ?? '').trim() === '';
    const given = style !== '' && isFilled(row) && isWithout;
    const place = stylePlace === -1 ? 'style' : columns[stylePlace]!.heading;
    return Object.fromEntries([...cells, ...(given ? [[place, style] as const] : [])]);
  });
  return linesFile(objects, name.replace(/\.[a-z]{2,5}$/i, ''));
}

/** A row a line, so that line N of a problem is row N of the page. */
function linesFile(rows: readonly Readonly<Record<string, string>>[], name: string): File {
  return new File([rows.map((row) => `${JSON.stringify(row)}\n`).join('')], `${name}.jsonl`);
}

function columnMapOf(source: Source, style: string): Record<string, string> {
  if (source.kind === 'text') return {};
  const map = source.columns.map(
    ({ heading, meaning }: TableColumn) => [heading, meaning] as const,
  );
  const hasStyle = source.columns.some(({ meaning }) => meaning === 'style');
  // The column of the style for all is ours, where the sheet has none.
  const own =
    style !== '' && !hasStyle && source.kind === 'table' ? [['style', 'style'] as const] : [];
  return Object.fromEntries([...map, ...own]);
}

function stylesFile(styles: Draft['styles']): File {
  const rows = styles.map(({ name, prompt, negative }) => [name, prompt, negative]);
  const text = Papa.unparse({ fields: ['name', 'prompt', 'negative_prompt'], data: rows });
  return new File([text], 'styles.csv');
}
