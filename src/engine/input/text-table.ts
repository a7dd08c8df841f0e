import { csvTable } from './csv-table.ts';
import { sniffDialect, NO_DELIMITER } from './csv-dialect.ts';
import { plainHeading, USUAL_HEADINGS, usualMeaning } from './headings.ts';
import { chunksOfText } from './open-text.ts';
import type { SourceTable } from './source-record.ts';
import { encodingWarnings, type TextSource } from './text-source.ts';
import { textLines } from './text-lines.ts';

/**
 * Reads plain text with a prompt a line; empty lines are no rows. A text file that is a table (Excel's
 * "Unicode text" is one) is read as such, and a first line that says `prompt` is a heading.
 */
export async function textTable(
  source: TextSource,
  knownHeadings: readonly string[],
): Promise<SourceTable> {
  const firstLine = source.sample.split(/\r\n|\n|\r/, 1)[0] ?? '';
  const { delimiter } = sniffDialect(source.sample, source.extension);
  const headings = delimiter === NO_DELIMITER ? [] : firstLine.split(delimiter);
  if (
    headings.length > 1 &&
    headings.some((heading) => usualMeaning(unquoted(heading)) === 'prompt')
  ) {
    const table = await csvTable(source, knownHeadings);
    const warning = `${source.path} has headings, so it was read as a table and not as a prompt a line.`;
    return { ...table, warnings: [...table.warnings, warning] };
  }
  const skipped = isPromptHeading(firstLine) ? 1 : 0;
  return {
    columns: ['prompt'],
    warnings: encodingWarnings(source),
    async *records() {
      let line = 0;
      for await (const batch of textLines(
        source.path,
        chunksOfText(source.path, source.encoding),
      )) {
        for (const text of batch) {
          line++;
          if (line > skipped) yield { line, cells: [text] };
        }
      }
    },
  };
}

/** Only `prompt` and `prompts`: a line that says "text" may well be a prompt. */
function isPromptHeading(line: string): boolean {
  return USUAL_HEADINGS.prompt.slice(0, 2).includes(plainHeading(line));
}

function unquoted(heading: string): string {
  return heading.trim().replaceAll('"', '');
}
