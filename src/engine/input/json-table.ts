import { chunksOfText } from './open-text.ts';
import { bad, good, type Reading } from './reading.ts';
import { refusal } from './sheet-file.ts';
import type { SourceTable } from './source-record.ts';
import { arrayElements, type JsonText } from './json-values.ts';
import { encodingWarnings, type TextSource } from './text-source.ts';
import { textLines } from './text-lines.ts';

const MOST_COLUMNS = 1000;
/** Lists and objects within each other; of very many, none can be written as a cell. */
const MOST_DEPTH = 64;
const ONE_A_LINE = 'Write one JSON object a line, like {"prompt": "a red fox"}.';

/** True of JSON files by name, and of others whose first line is a JSON object or whose start is an array of them. */
export function looksLikeJson({ sample, extension }: TextSource): boolean {
  if (['.json', '.jsonl', '.ndjson'].includes(extension)) return true;
  if (/^\s*\[\s*\{\s*"/.test(sample)) return true;
  return /^\s*\{\s*"/.test(sample) && parseObject(sample.trimStart().split(/\r?\n/, 1)[0]!).ok;
}

/**
 * Reads JSON Lines (an object a line) and JSON arrays of objects. The columns are all keys of all
 * objects in the order of their first appearance, so the file is read once to find them. A string in
 * place of an object is a prompt; a list of texts becomes a cell with a line each.
 */
export async function jsonTable(source: TextSource): Promise<SourceTable> {
  const columns = await findColumns(source);
  const places = new Map(columns.map((heading, place) => [heading, place]));
  return {
    columns,
    warnings: encodingWarnings(source),
    async *records() {
      for await (const { line, text } of jsonTexts(source)) {
        const object = parseObject(text);
        if (!object.ok) {
          yield { line, cells: [text], trouble: object.trouble };
          continue;
        }
        const cells = columns.map(() => '');
        for (const [key, value] of Object.entries(object.value))
          cells[places.get(key)!] = asCell(value);
        yield { line, cells };
      }
    },
  };
}

async function findColumns(source: TextSource): Promise<string[]> {
  const columns = new Set<string>();
  let trouble: { line: number; message: string } | undefined;
  for await (const { line, text } of jsonTexts(source)) {
    const object = parseObject(text);
    if (!object.ok) trouble ??= { line, message: object.trouble.message };
    else for (const key of Object.keys(object.value)) columns.add(key);
    if (columns.size > MOST_COLUMNS) {
      throw refusal(source.path, `The objects have more than ${MOST_COLUMNS} keys`, ONE_A_LINE);
    }
  }
  if (columns.size > 0) return [...columns];
  const where = trouble ? `Line ${trouble.line}: ${trouble.message}` : 'The file has no rows';
  throw refusal(source.path, where, ONE_A_LINE);
}

async function* jsonTexts(source: TextSource): AsyncGenerator<JsonText> {
  const chunks = chunksOfText(source.path, source.encoding);
  if (source.sample.trimStart().startsWith('[')) {
    yield* arrayElements(source.path, chunks);
    return;
  }
  let line = 0;
  for await (const batch of textLines(source.path, chunks)) {
    for (const text of batch) {
      line++;
      if (text.trim() !== '') yield { line, text };
    }
  }
}

function parseObject(text: string): Reading<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/,? *".*$/s, '') : 'it is cut off';
    return bad(`This is not JSON (${words})`, ONE_A_LINE);
  }
  if (typeof value === 'string') return good({ prompt: value });
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    if (isDeeper(value, MOST_DEPTH)) {
      return bad(`It has more than ${MOST_DEPTH} objects and lists within each other`, ONE_A_LINE);
    }
    return good(value as Record<string, unknown>);
  }
  return bad('This is JSON, but not an object', ONE_A_LINE);
}

function isDeeper(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some((part) => isDeeper(part, most - 1));
}

function asCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((part) => typeof part === 'string'))
    return value.join('\n');
  return JSON.stringify(value);
}
