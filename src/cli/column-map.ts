import type { Read } from './option-kinds.ts';

/**
 * Reads `image=,aspect_ratio=,Caption=prompt`. A heading may itself hold a comma: a part without `=`
 * belongs to the one after it.
 */
export function readColumnMap(text: string): Read<Readonly<Record<string, string>>> {
  const map: Record<string, string> = {};
  let heading = '';
  for (const part of text.split(',')) {
    const joined = heading === '' ? part : `${heading},${part}`;
    const equals = joined.lastIndexOf('=');
    if (equals === -1) {
      heading = joined;
      continue;
    }
    const column = joined.slice(0, equals).trim();
    if (column === '') return wrong('names no column before the =');
    map[column] = joined.slice(equals + 1).trim();
    heading = '';
  }
  return heading === '' ? { value: map } : wrong('has no = and a meaning after it');
}

function wrong(message: string): { message: string; remedy: string } {
  return {
    message,
    remedy: 'Write COLUMN=MEANING, like Caption=prompt, or COLUMN= to ignore a column.',
  };
}
