import { InputError, type Problem } from '../core/errors.ts';
import type { Row } from '../core/row.ts';
import { openTable } from './open-table.ts';
import { plainHeading } from './headings.ts';

/** A style of the de facto style file (AUTOMATIC1111): text around or after a prompt. */
export interface Style {
  readonly name: string;
  /** With a `{prompt}` slot, or to be appended. May be empty. */
  readonly prompt: string;
  readonly negativePrompt: string;
}

const SLOT = '{prompt}';

/**
 * Reads a style file with the columns `name,prompt,negative_prompt` in any format that sheets have.
 * As in AUTOMATIC1111, of two styles with one name the later wins.
 *
 * @throws InputError with all problems: a missing column, a style without a name.
 */
export async function readStyles(path: string): Promise<Map<string, Style>> {
  const table = await openTable(path);
  const place = (heading: string) =>
    table.columns.findIndex((column) => plainHeading(column) === plainHeading(heading));
  const [name, prompt, negative] = [place('name'), place('prompt'), place('negative_prompt')];
  if (name === -1 || prompt === -1) throw notAStyleFile(path, table.columns);
  const styles = new Map<string, Style>();
  const problems: Problem[] = [];
  for await (const { line, cells, trouble } of table.records()) {
    if (trouble) {
      problems.push({ file: path, line, ...trouble });
      continue;
    }
    const style = {
      name: (cells[name] ?? '').trim(),
      prompt: (cells[prompt] ?? '').trim(),
      negativePrompt: (cells[negative] ?? '').trim(),
    };
    if (style.name !== '') styles.set(style.name, style);
    else if (style.prompt !== '' || style.negativePrompt !== '') problems.push(noName(path, line));
  }
  if (problems.length > 0) throw new InputError(problems);
  return styles;
}

/**
 * The row with its style put in: the prompt goes into every `{prompt}` slot of the style, or the
 * style's text follows it after ", "; the negative prompts are joined the same way. A row without a
 * style, or with one that is not among `styles`, stays as it is.
 */
export function applyStyle(row: Row, styles: ReadonlyMap<string, Style>): Row {
  const style = row.style === undefined ? undefined : styles.get(row.style);
  if (!style) return row;
  const negativePrompt = fill(style.negativePrompt, row.negativePrompt ?? '');
  return {
    ...row,
    prompt: fill(style.prompt, row.prompt),
    ...(negativePrompt === '' ? {} : { negativePrompt }),
  };
}

function fill(template: string, text: string): string {
  if (template.includes(SLOT)) return template.replaceAll(SLOT, () => text);
  return [text, template].filter((part) => part !== '').join(', ');
}

function notAStyleFile(file: string, columns: readonly string[]): InputError {
  const message = `A style file has the columns name, prompt and negative_prompt; this one has ${columns.join(', ')}`;
  return new InputError([{ file, message, remedy: 'Give it these headings.' }]);
}

function noName(file: string, line: number): Problem {
  return { file, line, column: 'name', message: 'The style has no name', remedy: 'Name it.' };
}
